"""What a handler answers is what the caller gets: several successes, documented errors, headers, statuses."""

from __future__ import annotations

import pytest
from tests.packages import handler, send

from bothends.runtime import Response, UndocumentedStatus, UnexpectedAnswer

JOBS = """
paths:
  /jobs:
    post:
      operationId: startJob
      responses:
        '200': {description: Done., content: {application/json: {schema: {$ref: '#/components/schemas/Job'}}}}
        '202':
          description: Started.
          headers: {X-Wait: {required: true, schema: {type: integer}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Ticket'}}}
        '204': {description: Nothing to do.}
        '404': {description: Unknown., content: {application/problem+json: {schema: {$ref: '#/components/schemas/Problem'}}}}
        '409': {description: Busy., headers: {Retry-After: {schema: {type: integer}}}}
        4XX: {description: Your fault., content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}}
        default: {description: Anything else., content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}}
  /default:
    get:
      operationId: getDefault
      responses:
        default: {description: Whatever., content: {application/json: {schema: {$ref: '#/components/schemas/Job'}}}}
  /range:
    get:
      operationId: getRange
      responses: {2XX: {description: Fine., content: {application/json: {schema: {$ref: '#/components/schemas/Job'}}}}}
components:
  schemas:
    Job: {type: object, required: [result], properties: {result: {type: string}}}
    Ticket: {type: object, required: [ticket], properties: {ticket: {type: string}}}
    Problem: {type: object, required: [title], properties: {title: {type: string}}}
"""


def test_a_value_becomes_the_success_that_it_fits(package):
    made = package(JOBS)
    job = made.models.Job(result="done")
    assert made.client(handler(start_job=lambda: job)).start_job() == job
    assert made.client(handler(start_job=lambda: None)).start_job() is None


def test_a_whole_answer_has_status_and_headers(package):
    made = package(JOBS)
    ticket = made.models.Ticket(ticket="7")
    client = made.client(handler(start_job=lambda: Response(ticket, 202, {"X-Wait": 3})))
    assert client.start_job() == ticket


def test_a_required_header_that_is_missing_is_the_servers_fault(package, caplog):
    made = package(JOBS)
    client = made.client(
        handler(start_job=lambda: Response(made.models.Ticket(ticket="7"), 202)), responses="warn"
    )
    with pytest.raises(made.errors.StartJobDefaultError) as caught:
        client.start_job()
    assert caught.value.status == 500
    assert "X-Wait" in caplog.text


def test_a_documented_error_arrives_as_it_was_raised(package):
    made = package(JOBS)

    def fail(body=None, status=404):
        raise made.errors.StartJobNotFound(made.models.Problem(title="gone"))

    with pytest.raises(made.errors.StartJobNotFound) as caught:
        made.client(handler(start_job=fail)).start_job()

    assert (caught.value.status, caught.value.body) == (404, made.models.Problem(title="gone"))
    assert caught.value.operation.id == "startJob"


def test_an_error_without_body_has_headers(package):
    made = package(JOBS)

    def fail():
        raise made.errors.StartJobConflict(headers={"Retry-After": 5})

    with pytest.raises(made.errors.StartJobConflict) as caught:
        made.client(handler(start_job=fail)).start_job()

    assert (caught.value.body, caught.value.headers["retry-after"]) == (None, "5")


@pytest.mark.parametrize(
    ("status", "name"), [(418, "StartJobClientError"), (503, "StartJobDefaultError")]
)
def test_ranges_and_default_keep_their_status(package, status, name):
    made = package(JOBS)
    error = getattr(made.errors, name)

    def fail():
        raise error(made.models.Problem(title="no"), status=status)

    with pytest.raises(error) as caught:
        made.client(handler(start_job=fail)).start_job()

    assert caught.value.status == status


def test_a_bare_default_is_both_success_and_error(package):
    made = package(JOBS)
    job = made.models.Job(result="done")
    assert made.client(handler(get_default=lambda: job)).get_default() == job
    with pytest.raises(made.errors.GetDefaultDefaultError):
        made.client(handler(get_default=lambda: Response(job, 500))).get_default()


def test_a_range_of_successes(package):
    made = package(JOBS)
    job = made.models.Job(result="done")
    for answer in (job, Response(job, 207)):
        assert made.client(handler(get_range=lambda answer=answer: answer)).get_range() == job


def test_undocumented_status_has_its_own_error(package):
    made = package(JOBS)
    other = package(JOBS.replace("'200'", "'299'").replace("2XX", "'201'"))
    app = other.app(handler(get_range=lambda: other.models.Job(result="done")))
    with pytest.raises(UndocumentedStatus):
        package(JOBS.replace("2XX", "'200'")).client(None, app=app).get_range()
    assert made.client(None, app=app).get_range() == made.models.Job(result="done")


def test_an_answer_that_breaks_the_contract(package, caplog):
    made = package(JOBS)
    loose = package(JOBS.replace("required: [result], ", ""))
    app = loose.app(handler(get_range=loose.models.Job))
    with pytest.raises(UnexpectedAnswer, match="result"):
        made.client(None, app=app).get_range()

    assert made.client(None, app=app, responses="warn").get_range().model_fields_set == set()
    assert "result" in caplog.text


def test_a_wrong_answer_of_a_handler_never_leaves_the_server(package, caplog):
    made = package(JOBS)
    with pytest.raises(UndocumentedStatus) as caught:
        made.client(handler(get_range=made.models.Job.model_construct)).get_range()
    assert caught.value.status == 500
    assert "result" in caplog.text


def test_unknown_content_coding_is_a_plain_header(made_once):
    contract = """
    paths:
      /tides:
        get:
          operationId: getTides
          responses:
            '200':
              description: The tides.
              headers: {Content-Encoding: {schema: {type: string}}}
              content: {application/json: {schema: {type: array, items: {type: number}}}}
    """
    package = made_once(contract)
    api = handler(get_tides=lambda: Response([1.5], headers={"Content-Encoding": "gezeiten-ü"}))
    with package.client(api) as client:
        answer = client.with_raw_response.get_tides()

    assert (answer.body, answer.header_values) == ([1.5], {"content_encoding": "gezeiten-ü"})


WORDS = """
paths:
  /words:
    get:
      operationId: getWords
      responses:
        '204': {description: Words., headers: {X-Words: {schema: {type: array, items: {type: string}}}}}
        '409':
          description: Other words.
          headers: {X-Spread: {explode: true, schema: {type: object, properties: {a: {type: string}}}}}
"""


def test_a_header_that_would_arrive_as_another_value_never_leaves(made_once, caplog):
    package = made_once(WORDS)
    client = package.client(handler(get_words=lambda: Response(None, 204, {"X-Words": ["a,b"]})))
    with pytest.raises(UndocumentedStatus):
        client.get_words()
    assert "header X-Words: this value cannot be written" in caplog.text


LENGTHS = """
paths:
  /tides:
    get:
      operationId: getTides
      responses:
        '200':
          description: The tides.
          headers:
            Content-Length: {required: true, schema: {type: string, maxLength: 0}}
            Transfer-Encoding: {required: true, schema: {const: gzip}}
            Connection: {required: true, schema: {const: close}}
          content: {application/json: {schema: {type: array, items: {type: integer}}}}
"""


def test_what_http_writes_itself_is_no_header_of_a_reply(package):
    made = package(LENGTHS)
    client = made.client(handler(get_tides=lambda: [1, 2]))
    assert client.get_tides() == [1, 2]
    assert client.with_raw_response.get_tides().headers["content-length"] == "5"


def test_header_may_be_passed_as_text(made_once):
    package = made_once(WORDS)
    client = package.client(handler(get_words=lambda: Response(None, 204, {"X-Words": "a,b"})))
    assert client.with_raw_response.get_words().header_values == {"x_words": ["a", "b"]}


def test_a_raised_error_has_its_headers_in_their_types(made_once):
    package = made_once(WORDS)

    def get_words() -> None:
        raise package.errors.GetWordsConflict(headers={"X-Spread": {"a": "b"}})

    with pytest.raises(package.errors.GetWordsConflict) as caught:
        package.client(handler(get_words=get_words)).get_words()

    assert caught.value.headers["X-Spread"] == "a=b"


def test_status_of_a_response_follows_its_body(made_once):
    jobs = made_once(JOBS)
    ticket = Response(jobs.models.Ticket(ticket="a"), headers={"X-Wait": 3})
    app = jobs.app(handler(start_job=lambda: ticket))
    answer = send(app, "POST", "/jobs")
    assert (answer.status_code, answer.headers["x-wait"], answer.json()) == (
        202,
        "3",
        {"ticket": "a"},
    )


def test_a_response_without_a_status_has_the_one_documented_success(made_once):
    accepted = made_once("""
    paths:
      /jobs:
        post: {operationId: startJob, responses: {'202': {description: Started., headers: {X-Id: {schema: {type: integer}}}}}}
    """)
    answer = send(
        accepted.app(handler(start_job=lambda: Response(None, headers={"X-Id": 7}))),
        "POST",
        "/jobs",
    )
    assert (answer.status_code, answer.headers["x-id"]) == (202, "7")
