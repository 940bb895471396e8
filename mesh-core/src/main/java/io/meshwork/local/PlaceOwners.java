package io.meshwork.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.DomainEntry.PlaceOwner;
import io.meshwork.internal.table.MeshTables.OwnedFiles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.io.FileIO;

/** The accounts and regions of the places to which a mesh is copied. Not thread-safe. */
final class PlaceOwners {
  private final FileIO files;
  private final List<String> accounts;
  private final Map<String, Optional<PlaceOwner>> owners = new HashMap<>();

  /**
   * Creates the owners.
   *
   * @param files the files of the copy
   * @param accounts all accounts of the mesh, by their new names
   */
  PlaceOwners(FileIO files, List<String> accounts) {
    this.files = files;
    this.accounts = List.copyOf(accounts);
  }

  /**
   * Replaces the owners in the document of a domain, which has the new roots. Does nothing if the
   * store has no accounts.
   */
  void apply(ObjectNode domain) {
    if (files instanceof OwnedFiles owned) {
      for (JsonNode place : domain.path("places")) {
        String root = place.path("root").asText();
        apply((ObjectNode) place, owners.computeIfAbsent(root, r -> owned.findOwner(r, accounts)));
      }
    }
  }

  private static void apply(ObjectNode place, Optional<PlaceOwner> owner) {
    if (owner.isPresent()) {
      place.put("account", owner.get().account()).put("region", owner.get().region());
    } else {
      place.remove(List.of("account", "region"));
    }
  }
}
