"""Calls of Stripe's SDK of September 2023, the month of the contract."""

from __future__ import annotations

import io
import os

import stripe
from calls import run_calls

stripe.api_base = stripe.upload_api_base = stripe.connect_api_base = os.environ["URL"]
stripe.api_key = "sk_test_123"
stripe.max_network_retries = 0

CARD = ["card"]
PRICE = {"currency": "usd", "unit_amount": 5, "product_data": {"name": "Tea"}}


def customers_of_several_pages():
    pages = stripe.Customer.list(limit=3).auto_paging_iter()
    return [customer.id for customer, _ in zip(pages, range(10), strict=False)]


CALLS = {
    "customer create": lambda: (
        stripe.Customer.create(
            email="ann@example.org", metadata={"k": "v"}, address={"line1": "x", "city": "Rome"}
        ).id
    ),
    "customer create, signs": lambda: (
        stripe.Customer.create(name="Jürgen + & = 1", description="a\nb").id
    ),
    "customer list by time": lambda: (
        stripe.Customer.list(limit=3, created={"gte": 1690000000}).data[0].id
    ),
    "customer list by second": lambda: len(stripe.Customer.list(created=1690000000).data),
    "customer list expand": lambda: len(stripe.Customer.list(expand=["data.default_source"]).data),
    "customer retrieve expand": lambda: (
        stripe.Customer.retrieve("cus_1", expand=["subscriptions"]).id
    ),
    "customer modify": lambda: (
        stripe.Customer.modify(
            "cus_1", metadata={"order": "6735"}, shipping={"name": "A", "address": {"line1": "x"}}
        ).id
    ),
    "customer clear metadata": lambda: stripe.Customer.modify("cus_1", metadata="").id,
    "customer delete": lambda: stripe.Customer.delete("cus_1").deleted,
    "customer search": lambda: stripe.Customer.search(query="email:'ann@example.org'").object,
    "customer pages": customers_of_several_pages,
    "price create": lambda: (
        stripe.Price.create(
            currency="usd",
            unit_amount=1000,
            recurring={"interval": "month"},
            product_data={"name": "Gold"},
        ).id
    ),
    "price decimal": lambda: (
        stripe.Price.create(currency="usd", unit_amount_decimal="10.5", product="prod_1").id
    ),
    "payment create": lambda: (
        stripe.PaymentIntent.create(
            amount=2000,
            currency="usd",
            automatic_payment_methods={"enabled": True},
            payment_method_types=CARD,
        ).id
    ),
    "payment confirm": lambda: (
        stripe.PaymentIntent.confirm("pi_1", payment_method="pm_card_visa").id
    ),
    "payment capture": lambda: stripe.PaymentIntent.capture("pi_1").id,
    "subscription create": lambda: (
        stripe.Subscription.create(
            customer="cus_1",
            items=[{"price": "price_1", "quantity": 2}, {"price": "price_2"}],
            trial_end="now",
        ).id
    ),
    "subscription modify": lambda: (
        stripe.Subscription.modify(
            "sub_1", items=[{"id": "si_1", "deleted": True}], proration_behavior="none"
        ).id
    ),
    "checkout create": lambda: (
        stripe.checkout.Session.create(
            mode="payment",
            success_url="https://shop.example",
            line_items=[{"price_data": PRICE, "quantity": 1}],
        ).id
    ),
    "invoice upcoming": lambda: (
        stripe.Invoice.upcoming(
            customer="cus_1", subscription_items=[{"price": "price_1", "quantity": 1}]
        ).object
    ),
    "invoice list": lambda: stripe.Invoice.list(status="open", due_date={"gt": 5}).object,
    "charge list": lambda: stripe.Charge.list(limit=2).object,
    "refund create": lambda: (
        stripe.Refund.create(charge="ch_1", reason="duplicate", idempotency_key="k1").id
    ),
    "account create": lambda: (
        stripe.Account.create(
            type="custom",
            capabilities={"transfers": {"requested": True}},
            business_profile={"mcc": "5734"},
        ).id
    ),
    "endpoint create": lambda: (
        stripe.WebhookEndpoint.create(
            url="https://shop.example/h", enabled_events=["charge.failed", "charge.succeeded"]
        ).id
    ),
    "balance retrieve": lambda: stripe.Balance.retrieve().object,
    "tax rate create": lambda: (
        stripe.TaxRate.create(display_name="VAT", inclusive=False, percentage=19.5).id
    ),
    "file upload": lambda: stripe.File.create(
        purpose="dispute_evidence", file=io.BytesIO(b"\x89PNG"), file_link_data={"create": True}
    ),
    "event list": lambda: stripe.Event.list(types=["charge.failed"], limit=1).object,
    "wrong amount": lambda: stripe.PaymentIntent.create(amount="not a number", currency="usd"),
    "unknown parameter": lambda: stripe.Customer.create(colour="red"),
}
ERRORS = {"wrong amount": "InvalidRequestError", "unknown parameter": "InvalidRequestError"}

if __name__ == "__main__":
    run_calls(CALLS, ERRORS)
