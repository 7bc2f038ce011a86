"""Calls of githubkit, which is generated from GitHub's contract and reads answers into models."""

from __future__ import annotations

import os

from calls import run_calls
from githubkit import GitHub, TokenAuthStrategy

github = GitHub(
    TokenAuthStrategy("t"), base_url=os.environ["URL"], http_cache=False, auto_retry=False
)
rest = github.rest

CALLS = {
    "user": lambda: rest.users.get_authenticated().parsed_data.login,
    "repo": lambda: rest.repos.get("o", "r").parsed_data.id,
    "repo list": lambda: len(rest.repos.list_for_org("o", type="public", per_page=2).parsed_data),
    "issue create": lambda: (
        rest.issues.create("o", "r", title="x", labels=["a", "b"]).parsed_data.number
    ),
    "issue list": lambda: len(
        rest.issues.list_for_repo("o", "r", state="open", labels="a,b").parsed_data
    ),
    "issue comment": lambda: rest.issues.create_comment("o", "r", 1, body="ü").parsed_data.id,
    "pull list": lambda: len(rest.pulls.list("o", "r", state="all").parsed_data),
    "contents": lambda: rest.repos.get_content("o", "r", "README.md").status_code,
    "tree": lambda: rest.git.get_tree("o", "r", "sha", recursive="1").parsed_data.sha,
    "blob create": lambda: rest.git.create_blob("o", "r", content="x").parsed_data.sha,
    "star": lambda: rest.activity.star_repo_for_authenticated_user("o", "r").status_code,
    "search": lambda: rest.search.repos(q="x").parsed_data.total_count,
    "markdown": lambda: rest.markdown.render(text="# x").text,
    "gist create": lambda: (
        rest.gists.create(files={"a.txt": {"content": "x"}}, public=True).parsed_data.id
    ),
    "release asset list": lambda: len(rest.repos.list_release_assets("o", "r", 1).parsed_data),
    "workflow dispatch": lambda: (
        rest.actions.create_workflow_dispatch("o", "r", "w.yml", ref="main").status_code
    ),
    "rate limit": lambda: rest.rate_limit.get().parsed_data.rate.limit,
    "zen": lambda: rest.meta.get_zen().text,
}

if __name__ == "__main__":
    run_calls(CALLS, {})
