"""The quick search for a route finds what a trial of all routes finds."""

from collections.abc import Iterator
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from bothends.runtime import Operation
from bothends.runtime.server import routing
from bothends.runtime.server.routing import Route, Router
from tests.runtime.harbour.operations import API

SEGMENTS = st.sampled_from(["a", "b", "a%20b", "a b", "%61", "{x}", "{y}.json", "a{x}", ""])
PATHS = st.lists(SEGMENTS, min_size=1, max_size=3).map(lambda found: "/" + "/".join(found))
SENT = st.lists(
    st.sampled_from(["a", "b", "a%20b", "%61", "a.json", "", "ab", "%2561"]), max_size=4
)


def routes_by_trial(paths: set[str], raw_path: str) -> Iterator[tuple[str, object]]:
    segments = raw_path.split("/")
    before: list[Route] = []
    for route in sorted(map(Route, sorted(paths)), key=lambda route: route.order):
        if len(route.order) == len(segments):
            found = route.match(segments)
            if found is not None and not any(map(route.is_counterpart_of, before)):
                before.append(route)
                yield route.path, found


class TestRouter:
    """Only the time differs between a router and a trial of all routes in their order."""

    @given(st.sets(PATHS, max_size=12), SENT)
    def test_search_and_trial_agree(self, paths: set[str], sent: list[str]) -> None:
        operations = [Operation[object](API, path, "get", "GET", path) for path in sorted(paths)]
        router, raw_path = Router(operations), "/" + "/".join(sent)
        found = [(route.path, values) for route, values in router.find(raw_path)]
        assert found == list(routes_by_trial(paths, raw_path))

    def test_parameters_are_read_only_where_paths_are_one_on_the_wire(self) -> None:
        """The parameters of thousands of operations are made when they are first asked for."""
        paths = ["/a", "/b/{x}", "/c#one", "/c#two"]
        operations = [Operation[object](API, path, "get", "GET", path) for path in paths]
        with patch.object(routing, "_demands", return_value=0) as asked:
            Router(operations)
        assert [call.args[0].path for call in asked.call_args_list] == ["/c#one", "/c#two"]
