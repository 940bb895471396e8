package io.meshwork.internal.lakeformation;

import java.util.List;
import java.util.Optional;

/**
 * A resource that permissions are granted on, with the account that owns its catalog. Names of
 * databases, tables, and columns are compared without case. A resource link has the form of a
 * database or table. Immutable.
 */
public sealed interface Resource {
  /** Returns the account that owns the catalog. */
  String account();

  /** Returns the database that it is or belongs to; empty if there is none. */
  default Optional<String> database() {
    return Optional.empty();
  }

  /** Returns the table that it is or belongs to; empty if there is none. */
  default Optional<String> table() {
    return Optional.empty();
  }

  record CatalogResource(String account) implements Resource {}

  /** A database, or a link to one. */
  record Database(String account, String name) implements Resource {
    @Override
    public Optional<String> database() {
      return Optional.of(name);
    }
  }

  /** A table, or a link to one. */
  record Table(String account, String in, String name) implements Resource {
    @Override
    public Optional<String> database() {
      return Optional.of(in);
    }

    @Override
    public Optional<String> table() {
      return Optional.of(name);
    }
  }

  /** All tables of a database, future ones included. */
  record AllTables(String account, String in) implements Resource {
    @Override
    public Optional<String> database() {
      return Optional.of(in);
    }
  }

  /**
   * Some columns of a table.
   *
   * @param in the database
   * @param of the table
   * @param names the columns; a name with a dot is a field of a column
   */
  record Columns(String account, String in, String of, List<String> names) implements Resource {
    public Columns {
      names = List.copyOf(names);
    }

    @Override
    public Optional<String> database() {
      return Optional.of(in);
    }

    @Override
    public Optional<String> table() {
      return Optional.of(of);
    }
  }

  /**
   * All columns of a table except some.
   *
   * @param in the database
   * @param of the table
   * @param names the excluded columns
   */
  record ColumnsExcept(String account, String in, String of, List<String> names)
      implements Resource {
    public ColumnsExcept {
      names = List.copyOf(names);
    }

    @Override
    public Optional<String> database() {
      return Optional.of(in);
    }

    @Override
    public Optional<String> table() {
      return Optional.of(of);
    }
  }

  /**
   * A data filter of a table.
   *
   * @param in the database
   * @param of the table
   * @param filter the name of the filter, compared with case
   */
  record FilteredTable(String account, String in, String of, String filter) implements Resource {
    @Override
    public Optional<String> database() {
      return Optional.of(in);
    }

    @Override
    public Optional<String> table() {
      return Optional.of(of);
    }
  }

  /** An S3 location and everything below it, such as {@code s3://lake/sales}. */
  record Location(String account, String s3) implements Resource {}

  /**
   * Values of a tag.
   *
   * @param values the values; {@code *} means all
   */
  record TagValues(String account, String key, List<String> values) implements Resource {
    public TagValues {
      values = List.copyOf(values);
    }
  }

  /** All resources that an LF-tag expression matches. */
  record TagPolicy(String account, PolicyType type, TagExpression expression) implements Resource {}

  /** All resources that a named LF-tag expression matches at the time of the question. */
  record NamedPolicy(String account, PolicyType type, String expression) implements Resource {}

  /** The type of resource that a tag policy matches. */
  enum PolicyType {
    /** Databases; grants nothing on their tables. */
    DATABASE,
    /** Tables and columns; grants nothing on their database. */
    TABLE
  }
}
