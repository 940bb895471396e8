package io.meshwork.testkit.aws.internal.catalog;

import io.meshwork.testkit.aws.internal.access.CatalogKey;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What Glue's Schema Registry of all accounts and regions stores. Who uses it or what it returns
 * holds its monitor.
 */
public final class SchemaState {
  private final Map<CatalogKey, Map<String, SchemaRegistry>> registries = new HashMap<>();
  private boolean held;
  private int failures;

  /** A registry with its schemas. */
  static final class SchemaRegistry {
    private final Map<String, SchemaSet> schemas = new TreeMap<>();
    private String description;
    private boolean deleting;

    SchemaRegistry(String description) {
      this.description = description;
    }

    Map<String, SchemaSet> schemas() {
      return schemas;
    }

    String description() {
      return description;
    }

    void setDescription(String text) {
      description = text;
    }

    boolean isDeleting() {
      return deleting;
    }

    void delete() {
      deleting = true;
    }
  }

  /** Returns the registries of a catalog, by name. */
  Map<String, SchemaRegistry> of(CatalogKey catalog) {
    return registries.computeIfAbsent(catalog, absent -> new TreeMap<>());
  }

  /** Leaves new versions pending until {@link #release}. */
  public synchronized void hold() {
    held = true;
  }

  /** Ends {@link #hold}: the next request that reads a version finds the result of its check. */
  public synchronized void release() {
    held = false;
  }

  /** Lets the check of the next new version fail. */
  public synchronized void failNext() {
    failures++;
  }

  boolean isHeld() {
    return held;
  }

  /** Returns true if the check of a new version fails whatever its definition is. */
  boolean takeFailure() {
    if (failures == 0) {
      return false;
    }
    failures--;
    return true;
  }
}
