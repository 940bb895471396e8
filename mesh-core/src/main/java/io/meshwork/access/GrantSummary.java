package io.meshwork.access;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A grant. Immutable; two are equal if all of their attributes are. {@code toString()} is one line
 * without the condition on rows.
 */
public interface GrantSummary {
  /** The id: the same for the same grant, whatever its end and reason. */
  String id();

  /**
   * What it is on, such as {@code commerce/orders}, or {@code table of commerce where sensitivity
   * in (public)}.
   */
  String on();

  /** The grantee, such as {@code finance/analyst} or {@code account finance}. */
  String to();

  /** The permissions, in alphabetical order. */
  List<Permission> permissions();

  /** True if the grantee may pass it on within its account. */
  boolean grantOption();

  /** The columns, if only some are granted; else empty. */
  List<String> columns();

  /** The excluded columns, if all but some are granted; else empty. */
  List<String> exceptColumns();

  /** The condition on rows; empty for all rows. It may contain values: do not log it. */
  Optional<String> rows();

  /** The end, exclusive; empty if it has none. */
  Optional<Instant> until();

  /** The reason. */
  String because();

  /** The principal of the producer that answers for it, or of the recipient that passed it on. */
  String authorizedBy();

  /** The principal that wrote it. */
  String executedBy();

  /** True if a recipient created it within its own account. */
  boolean passedOn();

  /**
   * The id of the authorization under which it was created for the owner; empty if the owner, or a
   * recipient, created it.
   */
  Optional<String> authorization();
}
