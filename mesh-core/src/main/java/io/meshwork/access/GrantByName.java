package io.meshwork.access;

/**
 * Grants a product, some of its columns and rows, or all products of a domain. The owner grants to
 * roles and accounts; an account with {@link #withGrantOption() the grant option} passes the grant
 * on to its own roles with the same call. Granting the same again changes nothing; another end or
 * reason amends the grant. The commit rejects a grant that conflicts with an existing one, a column
 * that is not in the contract, and a filter that is not in the filter language.
 */
public interface GrantByName extends GrantOperation<GrantByName> {
  /** Grants only these top-level columns. */
  GrantByName columns(String... names);

  /** Grants all columns but these, including columns that are added later. */
  GrantByName exceptColumns(String... names);

  /** Grants only rows that match a filter, such as {@code country = 'SE'}. */
  GrantByName rows(String filter);
}
