package io.meshwork.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Decides on one database by grants and implicit rights, without IAM. */
final class DatabaseJudge {
  private static final Set<Permission> EVERYTHING = Set.of(Permission.ALL);

  private final Standing standing;
  private final DatabaseNode database;
  private final Permission action;

  private DatabaseJudge(Standing standing, DatabaseNode database, Permission action) {
    this.standing = standing;
    this.database = database;
    this.action = action;
  }

  static Outcome judge(Standing standing, DatabaseNode database, Permission action) {
    return new DatabaseJudge(standing, database, action).judge();
  }

  /** Grants that name a database, and those by tags that match it. */
  static Standing.Pick any(DatabaseNode database) {
    return held -> {
      List<HeldGrant> some = held.on(database);
      for (HeldGrant policy : held.databasePolicies()) {
        TagExpression expression = policy.expression();
        if (expression != null && expression.matches(database.tags())) {
          some = new ArrayList<>(some);
          some.add(policy);
        }
      }
      return some;
    };
  }

  /** Grants of ALL to IAM's group on this very database. */
  static List<HeldGrant> leftToIam(Standing standing, DatabaseNode database) {
    List<HeldGrant> open = standing.leftToIam(held -> held.on(database));
    open.removeIf(grant -> !grant.grant().permissions().contains(Permission.ALL));
    return open;
  }

  private Outcome judge() {
    Outcome outcome = new Outcome();
    List<HeldGrant> open = leftToIam(standing, database);
    boolean byIam = !open.isEmpty() && !standing.optedIn(database.resource());
    if (byIam && !standing.foreign()) {
      open.forEach(outcome::allow);
      return outcome;
    }
    byCreation(outcome);
    if (byIam) {
      if (!outcome.allowed()) {
        outcome.miss("OPT_IN");
      }
      return outcome;
    }
    boolean describe = action == Permission.DESCRIBE;
    if (describe && standing.ownAdmin()) {
      outcome.allow("admin");
    }
    byGrants(outcome);
    if (describe && !standing.foreign()) {
      // Who may use all tables of a database of its own account finds them by the database.
      standing.direct(held -> held.onAllTables(database)).stream()
          .filter(grant -> !grant.grant().permissions().isEmpty())
          .forEach(outcome::allow);
    }
    return outcome;
  }

  private void byCreation(Outcome outcome) {
    if (database.isCreator(standing.principal())
        && HeldGrant.coversOnDatabase(EVERYTHING, action)) {
      outcome.allow("database-creator");
    }
    if (action == Permission.DESCRIBE && database.hasTableOf(standing.principal())) {
      outcome.allow("table-creator");
    }
  }

  private void byGrants(Outcome outcome) {
    for (HeldGrant grant : withAction(standing.direct(any(database)))) {
      if (standing.inForce(grant)) {
        outcome.allow(grant);
      } else {
        outcome.miss("RAM_SHARE");
      }
    }
    if (!standing.foreign()) {
      return;
    }
    List<HeldGrant> shared = new ArrayList<>();
    for (HeldGrant grant : withAction(standing.accountLevel(any(database)))) {
      if (standing.inForce(grant)) {
        shared.add(grant);
      } else {
        outcome.miss("RAM_SHARE");
      }
    }
    List<HeldGrant> handedOn = withAction(standing.local(any(database)));
    Delegation.combine(outcome, shared, handedOn);
    if (action == Permission.DESCRIBE && standing.recipientAdmin() && !shared.isEmpty()) {
      outcome.allow("admin");
      shared.forEach(outcome::allow);
    }
  }

  private List<HeldGrant> withAction(List<HeldGrant> some) {
    some.removeIf(grant -> !HeldGrant.coversOnDatabase(grant.grant().permissions(), action));
    return some;
  }
}
