package io.meshwork.access;

import io.meshwork.internal.runtime.Arguments;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * May this principal do this, at this instant? Immutable.
 *
 * @param principal one principal, by its ARN
 * @param action what is to be done
 * @param on a catalog, database, table or location, or a link to a database or table
 * @param columns the columns asked for, to SELECT and DESCRIBE; none means whatever may be seen
 * @param location where a table is to be created, to CREATE_TABLE
 * @param at the time
 */
public record AccessQuestion(
    Grantee principal,
    Permission action,
    Resource on,
    List<String> columns,
    Optional<String> location,
    Instant at) {
  /** Copies the list. */
  public AccessQuestion {
    Arguments.given("principal", principal);
    Arguments.given("action", action);
    Arguments.given("on", on);
    Arguments.given("location", location);
    Arguments.given("at", at);
    columns = List.copyOf(Arguments.given("columns", columns));
  }

  /** A question without columns and location. */
  public static AccessQuestion of(Grantee principal, Permission action, Resource on, Instant at) {
    return new AccessQuestion(principal, action, on, List.of(), Optional.empty(), at);
  }

  /** The same for some columns only; refused as a whole if one of them may not be seen. */
  public AccessQuestion columns(List<String> some) {
    return new AccessQuestion(principal, action, on, some, location, at);
  }
}
