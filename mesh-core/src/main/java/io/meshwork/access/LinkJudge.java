package io.meshwork.access;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Decides on a link itself, which is never what it stands for. */
final class LinkJudge {
  private LinkJudge() {}

  /** Whether a principal may DESCRIBE or DROP a link; other actions are not the link's. */
  static Outcome judge(
      Estate estate, Grantee principal, LinkNode link, Permission action, Instant at) {
    Standing standing = new Standing(estate, principal, link.link().account(), at);
    Outcome outcome = new Outcome();
    if (link.link().creator().equals(principal.id())) {
      outcome.allow("link-creator");
    }
    if (action == Permission.DESCRIBE && standing.ownAdmin()) {
      outcome.allow("admin");
    }
    Standing.Pick pick = pick(link);
    List<HeldGrant> some = new ArrayList<>(standing.anyDirect(pick));
    if (!standing.foreign()) {
      some.addAll(standing.leftToIam(pick));
    }
    for (HeldGrant grant : some) {
      if (covers(grant, action)) {
        outcome.allow(grant);
      }
    }
    return outcome;
  }

  /** Grants on a link, and those on all tables of the database where a link to a table lives. */
  static Standing.Pick pick(LinkNode link) {
    return held -> {
      List<HeldGrant> some = new ArrayList<>(held.on(link));
      link.in().ifPresent(in -> some.addAll(held.onAllTables(in)));
      return some;
    };
  }

  private static boolean covers(HeldGrant grant, Permission action) {
    return action == Permission.DESCRIBE
        || grant.grant().permissions().contains(action)
        || grant.grant().permissions().contains(Permission.ALL);
  }
}
