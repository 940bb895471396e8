package io.meshwork.internal.lakeformation.evaluation;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.Denial;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.DenialCode;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator.ListedNames;
import io.meshwork.internal.lakeformation.index.AccessIndex;
import io.meshwork.internal.lakeformation.index.DatabaseNode;
import io.meshwork.internal.lakeformation.index.LinkNode;
import io.meshwork.internal.lakeformation.index.TableNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Lists what a principal may DESCRIBE. IAM is not evaluated. */
final class CatalogListing {
  private CatalogListing() {}

  static ListedNames tables(
      AccessIndex index, Grantee principal, Resource.Database in, Instant at) {
    LinkNode link = index.databaseLink(in.account(), in.name());
    if (link != null) {
      if (!sees(index, principal, link, at)) {
        return new ListedNames(List.of(), List.of(Denial.of(DenialCode.LINK_DESCRIBE)));
      }
      Resource target = link.link().target();
      DatabaseNode database = index.database(target.account(), target.database().orElse(""));
      return sorted(database == null ? List.of() : tables(index, principal, database, at));
    }
    DatabaseNode database = index.database(in.account(), in.name());
    if (database == null) {
      return sorted(List.of());
    }
    List<String> names = tables(index, principal, database, at);
    for (LinkNode one : database.links().values()) {
      if (sees(index, principal, one, at)) {
        names.add(one.link().name());
      }
    }
    return sorted(names);
  }

  static ListedNames databases(AccessIndex index, Grantee principal, String account, Instant at) {
    EvaluationContext context = new EvaluationContext(index, principal, account, at);
    List<String> names = new ArrayList<>();
    for (DatabaseNode database : index.databases(account).values()) {
      if (DatabaseEvaluator.evaluate(context, database, Permission.DESCRIBE).allowed()) {
        names.add(database.database().name());
      }
    }
    for (LinkNode link : index.databaseLinks(account).values()) {
      if (sees(index, principal, link, at)) {
        names.add(link.link().name());
      }
    }
    return sorted(names);
  }

  private static List<String> tables(
      AccessIndex index, Grantee principal, DatabaseNode database, Instant at) {
    EvaluationContext context = new EvaluationContext(index, principal, database.account(), at);
    List<String> names = new ArrayList<>();
    for (TableNode table : database.tables().values()) {
      if (TableEvaluator.evaluate(context, table, Permission.DESCRIBE).allowed()) {
        names.add(table.table().name());
      }
    }
    return names;
  }

  private static boolean sees(AccessIndex index, Grantee principal, LinkNode link, Instant at) {
    return LinkEvaluator.evaluate(index, principal, link, Permission.DESCRIBE, at).allowed();
  }

  private static ListedNames sorted(List<String> names) {
    return new ListedNames(names.stream().sorted().toList(), List.of());
  }
}
