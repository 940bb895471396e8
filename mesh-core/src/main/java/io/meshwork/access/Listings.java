package io.meshwork.access;

import io.meshwork.access.AccessEvaluator.Listing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What catalogs show: whatever may be described, without asking IAM. */
final class Listings {
  private Listings() {}

  static Listing tables(Estate estate, Grantee principal, Resource.Database in, Instant at) {
    LinkNode link = estate.databaseLink(in.account(), in.name());
    if (link != null) {
      if (!sees(estate, principal, link, at)) {
        return new Listing(List.of(), List.of("LINK_DESCRIBE"));
      }
      Resource target = link.link().target();
      DatabaseNode database = estate.database(target.account(), target.database().orElse(""));
      return sorted(database == null ? List.of() : tables(estate, principal, database, at));
    }
    DatabaseNode database = estate.database(in.account(), in.name());
    if (database == null) {
      return sorted(List.of());
    }
    List<String> names = tables(estate, principal, database, at);
    for (LinkNode one : database.links().values()) {
      if (sees(estate, principal, one, at)) {
        names.add(one.link().name());
      }
    }
    return sorted(names);
  }

  static Listing databases(Estate estate, Grantee principal, String account, Instant at) {
    Standing standing = new Standing(estate, principal, account, at);
    List<String> names = new ArrayList<>();
    for (DatabaseNode database : estate.databases(account).values()) {
      if (DatabaseJudge.judge(standing, database, Permission.DESCRIBE).allowed()) {
        names.add(database.database().name());
      }
    }
    for (LinkNode link : estate.databaseLinks(account).values()) {
      if (sees(estate, principal, link, at)) {
        names.add(link.link().name());
      }
    }
    return sorted(names);
  }

  private static List<String> tables(
      Estate estate, Grantee principal, DatabaseNode database, Instant at) {
    Standing standing = new Standing(estate, principal, database.account(), at);
    List<String> names = new ArrayList<>();
    for (TableNode table : database.tables().values()) {
      if (TableJudge.judge(standing, table, Permission.DESCRIBE).allowed()) {
        names.add(table.table().name());
      }
    }
    return names;
  }

  private static boolean sees(Estate estate, Grantee principal, LinkNode link, Instant at) {
    return LinkJudge.judge(estate, principal, link, Permission.DESCRIBE, at).allowed();
  }

  private static Listing sorted(List<String> names) {
    return new Listing(names.stream().sorted().toList(), List.of());
  }
}
