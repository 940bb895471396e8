package io.meshwork.internal.lakeformation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The facts of an {@link AccessState} except grants: accounts, principals, tags, catalogs, links
 * and resource shares. All are immutable. Names of databases, tables, columns and tags are compared
 * without case, everything else with case.
 */
public final class AccessFacts {
  private AccessFacts() {}

  /**
   * An account.
   *
   * @param organization the organization that it belongs to
   * @param units the organizational units that it belongs to
   * @param admins its data lake administrators, by ARN
   * @param readOnlyAdmins its read-only administrators, by ARN
   * @param crossAccountVersion the cross-account version setting, from 1 to 5; 4 is the default
   * @param tagPolicyAccounts accounts that its Glue resource policy names; used below version 3
   * @param sharesInOrganization true if RAM accepts shares within its organization automatically
   */
  public record Account(
      String id,
      Optional<String> organization,
      Set<String> units,
      Set<String> admins,
      Set<String> readOnlyAdmins,
      int crossAccountVersion,
      Set<String> tagPolicyAccounts,
      boolean sharesInOrganization) {
    public Account {
      units = Set.copyOf(units);
      admins = Set.copyOf(admins);
      readOnlyAdmins = Set.copyOf(readOnlyAdmins);
      tagPolicyAccounts = Set.copyOf(tagPolicyAccounts);
    }

    /** An account without an organization, with version 4. */
    public static Account of(String id, String... admins) {
      return new Account(
          id, Optional.empty(), Set.of(), Set.of(admins), Set.of(), 4, Set.of(), true);
    }

    /** The same within an organization and some of its units. */
    public Account in(String organization, String... units) {
      return new Account(
          id,
          Optional.of(organization),
          Set.of(units),
          admins,
          readOnlyAdmins,
          crossAccountVersion,
          tagPolicyAccounts,
          sharesInOrganization);
    }
  }

  /**
   * Facts about a principal except its grants. A principal without facts has no groups, is allowed
   * by IAM to call Glue and to get credentials, and has no S3 permissions.
   *
   * @param arn the principal
   * @param groups further grantees that it acts as, by ARN
   * @param glue whether IAM allows it to call Glue
   * @param getDataAccess whether IAM allows it {@code lakeformation:GetDataAccess}
   * @param s3 S3 locations that IAM allows it to read and write directly
   */
  public record PrincipalFacts(
      String arn, List<String> groups, boolean glue, boolean getDataAccess, List<String> s3) {
    public PrincipalFacts {
      groups = List.copyOf(groups);
      s3 = List.copyOf(s3);
    }

    /** A principal with default facts. */
    public static PrincipalFacts of(String arn) {
      return new PrincipalFacts(arn, List.of(), true, true, List.of());
    }

    /** The same, acting as further grantees. */
    public PrincipalFacts actingAs(String... others) {
      return new PrincipalFacts(arn, List.of(others), glue, getDataAccess, s3);
    }
  }

  /** An LF-tag with its possible values. */
  public record TagKey(String account, String key, List<String> values) {
    public TagKey {
      values = List.copyOf(values);
    }
  }

  /** A named LF-tag expression. */
  public record NamedExpression(String account, String name, TagExpression expression) {}

  /**
   * A database.
   *
   * @param creator by ARN
   * @param location in S3
   * @param tags the tags set on it
   */
  public record Database(
      String account,
      String name,
      Optional<String> creator,
      Optional<String> location,
      Map<String, String> tags,
      List<Table> tables) {
    public Database {
      tags = Map.copyOf(tags);
      tables = List.copyOf(tables);
    }

    /** A database without tags, creator and location. */
    public static Database of(String account, String name, Table... tables) {
      return new Database(
          account, name, Optional.empty(), Optional.empty(), Map.of(), List.of(tables));
    }

    /** The same with these tags set on it. */
    public Database tags(Map<String, String> own) {
      return new Database(account, name, creator, location, own, tables);
    }

    /** The same with these tables. */
    public Database tables(List<Table> some) {
      return new Database(account, name, creator, location, tags, some);
    }
  }

  /**
   * A table.
   *
   * @param columns without partition columns
   * @param partitionKeys the columns that partition it
   * @param creator by ARN
   * @param location in S3
   * @param tags the tags set on it, which override its database's
   * @param columnTags by column, which override the table's
   */
  public record Table(
      String name,
      List<GlueColumn> columns,
      List<String> partitionKeys,
      Optional<String> creator,
      Optional<String> location,
      Map<String, String> tags,
      Map<String, Map<String, String>> columnTags) {
    public Table {
      columns = List.copyOf(columns);
      partitionKeys = List.copyOf(partitionKeys);
      tags = Map.copyOf(tags);
      columnTags = Map.copyOf(columnTags);
    }

    /** A table with columns of unknown types. */
    public static Table of(String name, String... columns) {
      return new Table(
          name,
          List.of(columns).stream().map(GlueColumn::of).toList(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          Map.of());
    }

    /** The same with these columns. */
    public Table columns(List<GlueColumn> some) {
      return new Table(name, some, partitionKeys, creator, location, tags, columnTags);
    }

    /** The same, created by a principal. */
    public Table createdBy(String arn) {
      return new Table(name, columns, partitionKeys, Optional.of(arn), location, tags, columnTags);
    }

    /** The same with these tags set on it. */
    public Table tags(Map<String, String> own) {
      return new Table(name, columns, partitionKeys, creator, location, own, columnTags);
    }

    /** The same with these tags of its columns. */
    public Table columnTags(Map<String, Map<String, String>> own) {
      return new Table(name, columns, partitionKeys, creator, location, tags, own);
    }
  }

  /**
   * A column.
   *
   * @param type as Glue writes it, such as {@code struct<a:int>}; empty if unknown, which accepts
   *     constants of any type
   */
  public record GlueColumn(String name, Optional<String> type) {
    /** A column of unknown type. */
    public static GlueColumn of(String name) {
      return new GlueColumn(name, Optional.empty());
    }
  }

  /**
   * A data filter: some columns and some rows of a table.
   *
   * @param include the included columns; empty if columns are excluded
   * @param exclude the excluded columns; empty if columns are included
   * @param rows the row condition; empty for all rows
   */
  public record DataFilter(
      String account,
      String database,
      String table,
      String name,
      Optional<List<String>> include,
      Optional<List<String>> exclude,
      Optional<String> rows) {
    public DataFilter {
      include = include.map(List::copyOf);
      exclude = exclude.map(List::copyOf);
    }
  }

  /**
   * A resource link.
   *
   * @param database the local database of a table link; empty for a database link
   * @param target a {@link Resource.Database} or {@link Resource.Table}
   * @param creator by ARN
   */
  public record Link(
      String account, Optional<String> database, String name, Resource target, String creator) {}

  /**
   * An S3 location that is registered with Lake Formation.
   *
   * @param hybrid true for hybrid access mode: IAM permissions apply to principals without opt-in
   */
  public record RegisteredLocation(String account, String s3, boolean hybrid) {}

  /**
   * The opt-in of a principal to Lake Formation permissions on a resource in hybrid access mode.
   *
   * @param principal by ARN, or all principals of an account
   * @param on a {@link Resource.Database}, {@link Resource.Table} or {@link Resource.AllTables}
   */
  public record OptIn(Grantee principal, Resource on) {}

  /** The status of a resource share between two accounts in RAM. */
  public record Share(String from, String to, ShareStatus status) {}

  /** The status of a RAM invitation. */
  public enum ShareStatus {
    /** Accepted. */
    ACCEPTED,
    /** Not answered yet. */
    PENDING,
    /** Rejected. */
    REJECTED
  }
}
