package io.meshwork.internal.rights;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A service outside the mesh that decides who may read, such as Lake Formation. A mirror gives it
 * the rights of the mesh, and the registry has the objects that the mirror created and found there.
 * Sends no request to the service. Thread-safe.
 */
public interface RightsMirror {
  /** Returns the name of the service for people. */
  String service();

  /**
   * Returns the account whose service decides about the products of a catalog.
   *
   * @param catalog the name of the catalog; {@code mesh} in a central mesh
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  String account(String catalog);

  /**
   * Returns where the objects are that decide about the tables of a database.
   *
   * @param account the account of the catalog
   * @param readers the accounts of readers
   */
  List<ObjectRange> ranges(String account, String database, Set<String> readers);

  /**
   * Returns the range of the links that a mirror created in the data catalog of an account of
   * consumers; empty if no mirror creates links.
   *
   * @param consumer the account of consumers
   */
  Optional<ObjectRange> links(String consumer);

  /**
   * Returns the key of a link.
   *
   * @param table empty for the whole database
   */
  String linkKey(String database, Optional<String> table);

  /**
   * Returns what the service decides.
   *
   * @param account the account of the catalog
   * @param database the names of the tables and their columns
   * @param objects the contents of objects, by their account and key
   */
  ServiceRights rights(
      String account, Database database, Map<String, Map<String, JsonNode>> objects);

  /**
   * Objects of a mirror. Immutable.
   *
   * @param mirror the name of the mirror
   * @param account the account whose service has the objects
   * @param prefix the prefix of their keys
   */
  record ObjectRange(String mirror, String account, String prefix) {}

  /** What the service decides about a database. Immutable. */
  interface ServiceRights {
    /** Returns the principals that the service names. */
    Set<Principal> named();

    /** Returns what a principal may read of a table at a time. */
    ReadableColumns of(Principal reader, String table, Instant now);
  }

  /**
   * What a principal may read of a table. Immutable.
   *
   * @param columns the columns
   * @param everyCell true if none of their rows and cells is hidden
   */
  record ReadableColumns(Set<String> columns, boolean everyCell) {
    /** Copies the set. A reader of no column has no cell that is hidden. */
    public ReadableColumns {
      columns = Set.copyOf(columns);
      everyCell = everyCell || columns.isEmpty();
    }
  }
}
