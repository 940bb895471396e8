package io.meshwork.access;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an {@link AccessState} is made of besides grants: accounts and their people, tags, catalogs,
 * links and shares. All immutable; names of databases, tables, columns and tags are compared
 * without case, everything else with case.
 */
public final class AccessFacts {
  private AccessFacts() {}

  /**
   * An account.
   *
   * @param organization that it belongs to
   * @param units of that organization that it belongs to
   * @param admins administrators of its data lake, by ARN
   * @param readOnlyAdmins those who see everything and grant nothing
   * @param crossAccountVersion from 1 to 5; 4 is usual
   * @param tagPolicyAccounts accounts that its Glue resource policy names, which matters below
   *     version 3
   * @param sharesInOrganization true if RAM accepts its shares within its organization by itself
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
    /** Copies the sets. */
    public Account {
      units = Set.copyOf(units);
      admins = Set.copyOf(admins);
      readOnlyAdmins = Set.copyOf(readOnlyAdmins);
      tagPolicyAccounts = Set.copyOf(tagPolicyAccounts);
    }

    /** An account of no organization, of version 4. */
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
   * What is known of a principal besides its grants. One that is not known acts for itself, has
   * IAM's leave to use Glue and to be given credentials, and reaches no place in S3 by itself.
   *
   * @param arn the principal
   * @param groups further grantees that it acts as, by ARN
   * @param glue whether IAM lets it ask Glue
   * @param getDataAccess whether IAM lets it be given credentials by Lake Formation
   * @param s3 places that IAM lets it read and write by itself
   */
  public record PrincipalFacts(
      String arn, List<String> groups, boolean glue, boolean getDataAccess, List<String> s3) {
    /** Copies the lists. */
    public PrincipalFacts {
      groups = List.copyOf(groups);
      s3 = List.copyOf(s3);
    }

    /** A principal that nothing special is known of. */
    public static PrincipalFacts of(String arn) {
      return new PrincipalFacts(arn, List.of(), true, true, List.of());
    }

    /** The same, acting as further grantees. */
    public PrincipalFacts actingAs(String... others) {
      return new PrincipalFacts(arn, List.of(others), glue, getDataAccess, s3);
    }
  }

  /** A tag with the values that it may have. */
  public record TagKey(String account, String key, List<String> values) {
    /** Copies the list. */
    public TagKey {
      values = List.copyOf(values);
    }
  }

  /** A tag expression under a name. */
  public record NamedExpression(String account, String name, TagExpression expression) {}

  /**
   * A database.
   *
   * @param creator by ARN
   * @param location in S3
   * @param tags its own
   */
  public record Database(
      String account,
      String name,
      Optional<String> creator,
      Optional<String> location,
      Map<String, String> tags,
      List<Table> tables) {
    /** Copies the collections. */
    public Database {
      tags = Map.copyOf(tags);
      tables = List.copyOf(tables);
    }

    /** A database without tags, creator and location. */
    public static Database of(String account, String name, Table... tables) {
      return new Database(
          account, name, Optional.empty(), Optional.empty(), Map.of(), List.of(tables));
    }

    /** The same with these tags of its own. */
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
   * @param columns without those that partition it
   * @param partitionKeys the columns that partition it
   * @param creator by ARN
   * @param location in S3
   * @param tags its own, which override those of its database
   * @param columnTags by column, which override those of the table
   */
  public record Table(
      String name,
      List<Column> columns,
      List<String> partitionKeys,
      Optional<String> creator,
      Optional<String> location,
      Map<String, String> tags,
      Map<String, Map<String, String>> columnTags) {
    /** Copies the collections. */
    public Table {
      columns = List.copyOf(columns);
      partitionKeys = List.copyOf(partitionKeys);
      tags = Map.copyOf(tags);
      columnTags = Map.copyOf(columnTags);
    }

    /** A table of columns whose types are not told. */
    public static Table of(String name, String... columns) {
      return new Table(
          name,
          List.of(columns).stream().map(Column::of).toList(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          Map.of());
    }

    /** The same with these columns. */
    public Table columns(List<Column> some) {
      return new Table(name, some, partitionKeys, creator, location, tags, columnTags);
    }

    /** The same, created by a principal. */
    public Table createdBy(String arn) {
      return new Table(name, columns, partitionKeys, Optional.of(arn), location, tags, columnTags);
    }

    /** The same with these tags of its own. */
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
   * @param type as Glue writes it, such as {@code struct<a:int>}; empty where it is not told, and
   *     then constants of any type fit
   */
  public record Column(String name, Optional<String> type) {
    /** A column whose type is not told. */
    public static Column of(String name) {
      return new Column(name, Optional.empty());
    }
  }

  /**
   * A data filter: some columns and some rows of a table.
   *
   * @param include the columns, if only some are meant
   * @param exclude the columns left out, if all but some are meant
   * @param rows the condition on rows; empty means all
   */
  public record DataFilter(
      String account,
      String database,
      String table,
      String name,
      Optional<List<String>> include,
      Optional<List<String>> exclude,
      Optional<String> rows) {
    /** Copies the lists. */
    public DataFilter {
      include = include.map(List::copyOf);
      exclude = exclude.map(List::copyOf);
    }
  }

  /**
   * A resource link.
   *
   * @param database the local database that it lives in, if it stands for a table; one that stands
   *     for a database lives in none
   * @param target a {@link Resource.Database} or {@link Resource.Table}
   * @param creator by ARN
   */
  public record Link(
      String account, Optional<String> database, String name, Resource target, String creator) {}

  /**
   * A place in S3 that Lake Formation looks after.
   *
   * @param hybrid true if IAM may open it too, for those who have not opted in
   */
  public record RegisteredLocation(String account, String s3, boolean hybrid) {}

  /**
   * A principal that is held to Lake Formation's grants on a resource left to IAM.
   *
   * @param principal by ARN, or all of an account
   * @param on a {@link Resource.Database}, {@link Resource.Table} or {@link Resource.AllTables}
   */
  public record OptIn(Grantee principal, Resource on) {}

  /** How it stands with what one account shares with another, in RAM. */
  public record Share(String from, String to, ShareStatus status) {}

  /** What became of the invitation to a share. */
  public enum ShareStatus {
    /** In force. */
    ACCEPTED,
    /** Not answered yet. */
    PENDING,
    /** Refused. */
    REJECTED
  }
}
