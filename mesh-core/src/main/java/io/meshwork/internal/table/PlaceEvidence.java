package io.meshwork.internal.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.table.MeshTables.LinkedFiles;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.io.FileIO;

/**
 * What the markers at a root prove about whose files are there. Immutable.
 *
 * @param proof what they prove
 * @param named the mesh or place that a marker names, if it is another one; otherwise empty
 */
record PlaceEvidence(Proof proof, String named) {
  static final PlaceEvidence OWN = new PlaceEvidence(Proof.OWN, "");
  static final PlaceEvidence MISSING = new PlaceEvidence(Proof.MISSING, "");
  static final PlaceEvidence UNREADABLE = new PlaceEvidence(Proof.UNREADABLE, "");
  private static final PlaceEvidence DAMAGED = new PlaceEvidence(Proof.DAMAGED, "");
  private static final PlaceEvidence DENIED = new PlaceEvidence(Proof.DENIED, "");

  /** What a marker proves. */
  enum Proof {
    OWN,
    MISSING,
    DAMAGED,
    /** The store did not answer. */
    UNREADABLE,
    OTHER_MESH,
    OTHER_PLACE,
    /** The store does not let the caller read it. */
    DENIED
  }

  /**
   * Reads the marker of a place.
   *
   * @param mesh the ID of this mesh
   * @throws BackendException if the store fails
   */
  static PlaceEvidence ofPlace(FileIO files, String mesh, String root) {
    Optional<PlaceMarker> storedMarker;
    try {
      storedMarker = PlaceMarker.find(files, root);
    } catch (UncheckedIOException e) {
      return UNREADABLE;
    } catch (BackendException e) {
      return switch (e.errorCode()) {
        case REGISTRY_CORRUPT -> DAMAGED;
        case PERMISSION_MISSING -> DENIED;
        default -> throw e;
      };
    }
    if (storedMarker.isEmpty()) {
      return MISSING;
    }
    PlaceMarker marker = storedMarker.get();
    if (marker.mesh().isEmpty() || marker.root().isEmpty()) {
      return DAMAGED;
    }
    if (!marker.mesh().equals(mesh)) {
      return new PlaceEvidence(Proof.OTHER_MESH, marker.mesh());
    }
    return leadToSameFolder(files, marker.root(), root)
        ? OWN
        : new PlaceEvidence(Proof.OTHER_PLACE, marker.root());
  }

  private static boolean leadToSameFolder(FileIO files, String root, String other) {
    return root.equals(other)
        || (files instanceof LinkedFiles links && links.target(root).equals(links.target(other)));
  }

  /**
   * Reads the nearest marker above the folder to which links lead a location. It proves nothing
   * against the location if no link leads elsewhere, or no marker is there.
   */
  static PlaceEvidence behindLinks(LinkedFiles links, String mesh, String location) {
    return links
        .nearestAbove(location, List.of(DataPlaces.MARKER, PlaceMarker.OF_MESH))
        .map(text -> ofMesh(text, mesh))
        .orElse(OWN);
  }

  /** What the text of a marker of a place or of a mesh proves about the mesh. */
  static PlaceEvidence ofMesh(String text, String mesh) {
    String named;
    try {
      ObjectNode json = DocumentJson.parseObject(DataPlaces.MARKER, text);
      named = json.path("mesh").asText(json.path("id").asText());
    } catch (BackendException e) {
      return DAMAGED;
    }
    if (named.isEmpty()) {
      return DAMAGED;
    }
    return named.equals(mesh) ? OWN : new PlaceEvidence(Proof.OTHER_MESH, named);
  }

  /** True if a marker proves that the files belong to another mesh or place. */
  boolean isForeign() {
    return proof == Proof.OTHER_MESH || proof == Proof.OTHER_PLACE;
  }

  /** True for a marker of this mesh, and for one that the store hides from the caller. */
  boolean isAccepted() {
    return proof == Proof.OWN || proof == Proof.DENIED;
  }

  /**
   * The error for a root that is not one of this mesh.
   *
   * @param marker the name of the marker's file
   */
  BackendException failure(Verb verb, String root, String marker, String mesh) {
    Failure failure =
        Failure.of(MeshAction.of(verb, "files in the place of data '" + root + "'"))
            .because(
                "its marker "
                    + marker
                    + switch (proof) {
                      case OTHER_MESH ->
                          " names the mesh " + named + ", and this is the mesh " + mesh;
                      case OTHER_PLACE -> " names the place '" + named + "'";
                      case DAMAGED -> " is damaged";
                      case UNREADABLE -> " cannot be read";
                      default -> " is missing";
                    })
            .state("Nothing there was read, written, or deleted.")
            .fix(
                "Check which disks are mounted and where links lead; if only the marker was lost or"
                    + " damaged, restore it from a backup.");
    return proof == Proof.UNREADABLE
        ? failure.passing(ErrorCode.BACKEND_FAILED)
        : failure.lasting(ErrorCode.PLACE_NOT_OWN);
  }
}
