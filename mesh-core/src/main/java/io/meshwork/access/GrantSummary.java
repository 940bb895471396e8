package io.meshwork.access;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A grant. Immutable; two are equal if all of their attributes are. {@code toString()} is one line
 * without the condition on rows.
 */
public interface GrantSummary {
  /** Returns the ID: the same for the same grant, whatever its end and reason. */
  String id();

  /**
   * What it is on, such as {@code commerce/orders}, or {@code table of commerce where sensitivity
   * in (public)}.
   */
  String on();

  /** Returns the grantee, such as {@code finance/analyst} or {@code account finance}. */
  String to();

  /** Returns the permissions, in alphabetical order. */
  List<Permission> permissions();

  /** Returns true if the grantee may pass it on within its account. */
  boolean grantOption();

  /** Returns the columns, if only some are granted; otherwise empty. */
  List<String> columns();

  /** Returns the excluded columns, if all but some are granted; otherwise empty. */
  List<String> exceptColumns();

  /** Returns the condition on rows; empty for all rows. It may contain values: do not log it. */
  Optional<String> rows();

  /** Returns the end, exclusive; empty if it has none. */
  Optional<Instant> until();

  /** Returns the reason. */
  String because();

  /**
   * Returns the principal of the producer that is responsible for it, or of the recipient that
   * passed it on.
   */
  String authorizedBy();

  /** Returns the principal that wrote it. */
  String executedBy();

  /** Returns true if a recipient created it within its own account. */
  boolean passedOn();

  /**
   * Returns the ID of the authorization under which it was created for the owner; empty if the
   * owner, or a recipient, created it.
   */
  Optional<String> authorization();
}
