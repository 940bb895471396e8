package io.meshwork.aws.internal.mirror;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a catalog shares of one database with one account. Immutable.
 *
 * @param database the name of the database in the catalog
 * @param whole true if the database itself is shared, not only tables
 * @param tables the names of the tables that are shared, or that somebody there reads
 * @param readers who reads which table
 * @param viewers who sees the database, as Lake Formation names them
 */
record DatabaseShare(
    String database,
    boolean whole,
    Set<String> tables,
    List<TableReader> readers,
    Set<String> viewers) {
  /** Two underscores, which no name of a domain has. */
  private static final String TABLES = "__tables";

  DatabaseShare {
    tables = new TreeSet<>(tables);
    readers = List.copyOf(readers);
    viewers = new TreeSet<>(viewers);
  }

  /**
   * Who reads a table. Immutable.
   *
   * @param table the name of the table
   * @param principal as Lake Formation names it
   * @param whole true if all rows and columns are read
   */
  record TableReader(String table, String principal, boolean whole) {}

  /** Returns the name of the link to the database, or of the database with links to the tables. */
  String link() {
    return whole ? database : linksOf(database);
  }

  /** Returns the name of the database that has links to tables of a database. */
  static String linksOf(String database) {
    return database + TABLES;
  }

  /** Returns who reads a table. */
  Set<String> readersOf(String table) {
    return withoutMembers(reading(table));
  }

  /** Returns who sees the database, or reads one of its tables. */
  Set<String> allViewers() {
    return withoutMembers(viewing());
  }

  /** Returns the roles that read a table, also in addition to all principals of their account. */
  Set<String> rolesReading(String table) {
    return roles(reading(table));
  }

  /** Returns the roles that see the database, or read one of its tables. */
  Set<String> rolesViewing() {
    return roles(viewing());
  }

  private Set<String> reading(String table) {
    Set<String> principals = new TreeSet<>();
    readers.stream()
        .filter(reader -> reader.table().equals(table))
        .forEach(reader -> principals.add(reader.principal()));
    return principals;
  }

  private Set<String> viewing() {
    Set<String> principals = new TreeSet<>(viewers);
    readers.forEach(reader -> principals.add(reader.principal()));
    return principals;
  }

  private static Set<String> roles(Set<String> principals) {
    Set<String> roles = new TreeSet<>(principals);
    roles.removeIf(each -> !isRole(each));
    return roles;
  }

  private static boolean isRole(String principal) {
    return principal.startsWith("arn:");
  }

  /** The principals of an account include all others. */
  static Set<String> withoutMembers(Collection<String> principals) {
    Set<String> groups = new TreeSet<>(principals);
    groups.removeIf(DatabaseShare::isRole);
    return groups.isEmpty() ? new TreeSet<>(principals) : groups;
  }
}
