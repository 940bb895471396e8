package io.meshwork.internal.lakeformation;

import io.meshwork.access.Permission;
import io.meshwork.internal.runtime.ArgumentChecks;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The question whether a principal may perform an action at a time. Immutable.
 *
 * @param principal one principal, by ARN
 * @param action the action
 * @param on a catalog, database, table, or location, or a link to a database or table
 * @param columns the columns that a SELECT or DESCRIBE names; empty for all permitted ones
 * @param location the location of a table to create, for CREATE_TABLE
 * @param at the time at which grants must be active
 */
public record AccessQuestion(
    Grantee principal,
    Permission action,
    Resource on,
    List<String> columns,
    Optional<String> location,
    Instant at) {
  public AccessQuestion {
    ArgumentChecks.required("principal", principal);
    ArgumentChecks.required("action", action);
    ArgumentChecks.required("on", on);
    ArgumentChecks.required("location", location);
    ArgumentChecks.required("at", at);
    columns = List.copyOf(ArgumentChecks.required("columns", columns));
  }

  /** Returns a question without columns and location. */
  public static AccessQuestion of(Grantee principal, Permission action, Resource on, Instant at) {
    return new AccessQuestion(principal, action, on, List.of(), Optional.empty(), at);
  }

  /** Returns the question about some columns. Denied if one of them is not permitted. */
  public AccessQuestion columns(List<String> some) {
    return new AccessQuestion(principal, action, on, some, location, at);
  }
}
