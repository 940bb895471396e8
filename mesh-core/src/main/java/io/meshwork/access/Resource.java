package io.meshwork.access;

import java.util.List;
import java.util.Optional;

/**
 * What a permission is held on. Each names the account that owns the catalog; names of databases,
 * tables and columns are compared without case. Immutable. A resource link is named as the database
 * or the table that it stands for.
 */
public sealed interface Resource {
  /** The account that owns the catalog. */
  String account();

  /** The database that it is or lies in; empty if it is in none. */
  default Optional<String> database() {
    return Optional.empty();
  }

  /** The one table that it is or belongs to; empty if there is none. */
  default Optional<String> table() {
    return Optional.empty();
  }

  /** A catalog. */
  record Catalog(String account) implements Resource {}

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

  /** All tables of a database, those to come too. */
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
   * @param names the columns; a name with a dot stands for a field of a column
   */
  record Columns(String account, String in, String of, List<String> names) implements Resource {
    /** Copies the list. */
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
   * All columns of a table but some.
   *
   * @param in the database
   * @param of the table
   * @param names the columns left out
   */
  record ColumnsExcept(String account, String in, String of, List<String> names)
      implements Resource {
    /** Copies the list. */
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
   * A table through a data filter.
   *
   * @param in the database
   * @param of the table
   * @param filter the filter's name, which is compared with case
   */
  record Filtered(String account, String in, String of, String filter) implements Resource {
    @Override
    public Optional<String> database() {
      return Optional.of(in);
    }

    @Override
    public Optional<String> table() {
      return Optional.of(of);
    }
  }

  /** A place in S3 and all below it, such as {@code s3://lake/sales}. */
  record Location(String account, String s3) implements Resource {}

  /**
   * Values of a tag.
   *
   * @param values the values; {@code *} stands for all
   */
  record TagValues(String account, String key, List<String> values) implements Resource {
    /** Copies the list. */
    public TagValues {
      values = List.copyOf(values);
    }
  }

  /** Whatever an expression chooses. */
  record TagPolicy(String account, PolicyType type, TagExpression expression) implements Resource {}

  /** Whatever a named expression chooses, as it stands when it is asked. */
  record NamedPolicy(String account, PolicyType type, String expression) implements Resource {}

  /** What a tag policy chooses from. */
  enum PolicyType {
    /** Databases, and nothing on their tables. */
    DATABASE,
    /** Tables and columns, and nothing on their database. */
    TABLE
  }
}
