package io.meshwork.internal.lakeformation.evaluation;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.TagExpression;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.DenialCode;
import io.meshwork.internal.lakeformation.index.DatabaseNode;
import io.meshwork.internal.lakeformation.index.IndexedGrant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Evaluates grants and implicit permissions on one database. IAM is evaluated elsewhere. */
final class DatabaseEvaluator {
  private static final Set<Permission> EVERYTHING = Set.of(Permission.ALL);

  private final EvaluationContext context;
  private final DatabaseNode database;
  private final Permission action;

  private DatabaseEvaluator(EvaluationContext context, DatabaseNode database, Permission action) {
    this.context = context;
    this.database = database;
    this.action = action;
  }

  static EvaluationResult evaluate(
      EvaluationContext context, DatabaseNode database, Permission action) {
    return new DatabaseEvaluator(context, database, action).evaluate();
  }

  /** Grants that name a database, and tag policies that match it. */
  static EvaluationContext.GrantSelector any(DatabaseNode database) {
    return held -> {
      List<IndexedGrant> some = held.on(database);
      for (IndexedGrant policy : held.databasePolicies()) {
        TagExpression expression = policy.expression();
        if (expression != null && expression.matches(database.tags())) {
          some = new ArrayList<>(some);
          some.add(policy);
        }
      }
      return some;
    };
  }

  /** Grants of ALL on this database to {@code IAM_ALLOWED_PRINCIPALS}. */
  static List<IndexedGrant> controlledByIam(EvaluationContext context, DatabaseNode database) {
    List<IndexedGrant> open = context.controlledByIam(held -> held.on(database));
    open.removeIf(grant -> !grant.grant().permissions().contains(Permission.ALL));
    return open;
  }

  private EvaluationResult evaluate() {
    EvaluationResult result = new EvaluationResult();
    List<IndexedGrant> open = controlledByIam(context, database);
    boolean byIam = !open.isEmpty() && !context.optedIn(database.resource());
    if (byIam && !context.foreign()) {
      open.forEach(result::allow);
      return result;
    }
    byCreation(result);
    if (byIam) {
      if (!result.allowed()) {
        result.miss(DenialCode.OPT_IN);
      }
      return result;
    }
    boolean describe = action == Permission.DESCRIBE;
    if (describe && context.ownAdmin()) {
      result.allow("admin");
    }
    byGrants(result);
    if (describe && !context.foreign()) {
      // A grant on all tables of a database in the same account implies DESCRIBE on it.
      context.direct(held -> held.onAllTables(database)).stream()
          .filter(grant -> !grant.grant().permissions().isEmpty())
          .forEach(result::allow);
    }
    return result;
  }

  private void byCreation(EvaluationResult result) {
    if (database.isCreator(context.principal())
        && IndexedGrant.coversOnDatabase(EVERYTHING, action)) {
      result.allow("database-creator");
    }
    if (action == Permission.DESCRIBE && database.hasTableOf(context.principal())) {
      result.allow("table-creator");
    }
  }

  private void byGrants(EvaluationResult result) {
    for (IndexedGrant grant : withAction(context.direct(any(database)))) {
      if (context.isActive(grant)) {
        result.allow(grant);
      } else {
        result.miss(DenialCode.RAM_SHARE);
      }
    }
    if (!context.foreign()) {
      return;
    }
    List<IndexedGrant> shared = new ArrayList<>();
    for (IndexedGrant grant : withAction(context.accountLevel(any(database)))) {
      if (context.isActive(grant)) {
        shared.add(grant);
      } else {
        result.miss(DenialCode.RAM_SHARE);
      }
    }
    List<IndexedGrant> passedOn = withAction(context.local(any(database)));
    AccountDelegation.combine(result, shared, passedOn);
    if (action == Permission.DESCRIBE && context.recipientAdmin() && !shared.isEmpty()) {
      result.allow("admin");
      shared.forEach(result::allow);
    }
  }

  private List<IndexedGrant> withAction(List<IndexedGrant> some) {
    some.removeIf(grant -> !IndexedGrant.coversOnDatabase(grant.grant().permissions(), action));
    return some;
  }
}
