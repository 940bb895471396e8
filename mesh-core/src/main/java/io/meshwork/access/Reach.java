package io.meshwork.access;

import io.meshwork.access.AccessEvaluator.Readable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds all that a principal may read, from its grants on: each grant leads to the tables that it
 * names or may match, and only these are decided on. Whatever lets read a table begins with a grant
 * to the principal or to one that it acts as, a creation, or a table left to IAM; what is shared
 * with its account needs one of these besides.
 */
final class Reach {
  private Reach() {}

  static List<Readable> of(Estate estate, Grantee principal, Instant at) {
    Set<TableNode> candidates = new LinkedHashSet<>(estate.tables().createdBy(principal.id()));
    Identity identity = estate.identity(principal);
    for (Identity.Voice voice : identity.voices()) {
      for (Map.Entry<String, Held> held : voice.held().entrySet()) {
        collect(estate, held.getKey(), held.getValue(), candidates);
      }
    }
    Held open = estate.grants().leftToIam().get(identity.home());
    if (open != null) {
      open.collectNamedTables(candidates);
    }
    if (identity.isAdmin()) {
      candidates.addAll(estate.tables().createdFrom(identity.home()));
    }
    List<Readable> readable = new ArrayList<>();
    for (TableNode table : candidates) {
      Resource.Table resource = table.resource();
      AccessQuestion question = AccessQuestion.of(principal, Permission.SELECT, resource, at);
      AccessDecision decision = new Judge(estate, question).decideOn(table);
      if (decision.allowed()) {
        readable.add(new Readable(resource, decision));
      }
    }
    readable.sort(
        Comparator.<Readable, String>comparing(it -> it.table().account())
            .thenComparing(it -> it.table().in())
            .thenComparing(it -> it.table().name()));
    return readable;
  }

  private static void collect(Estate estate, String owner, Held held, Set<TableNode> candidates) {
    held.collectNamedTables(candidates);
    for (HeldGrant policy : held.tablePolicies()) {
      TagExpression expression = policy.expression();
      if (expression != null) {
        candidates.addAll(estate.tables().candidates(owner, expression));
      }
    }
  }
}
