package io.meshwork.internal.table;

import io.meshwork.error.BackendException;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.internal.table.MeshTables.LinkedFiles;
import io.meshwork.internal.table.MeshTables.OwnedFiles;
import io.meshwork.internal.table.PlaceEvidence.Proof;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * Proves that a file is in a place of this mesh, by the marker of the place. A disk can be mounted
 * where another mesh's disk belongs, and a link can lead there, so a marker on a disk is read each
 * time; in a store of accounts, whose buckets stay where they are, it is read once. The root of a
 * mesh in a folder has the marker of the mesh. Thread-safe.
 */
final class PlaceGuard {
  private final Ledger ledger;
  private final FileIO files;
  private final DataPlaces places;
  private final WriterRecording writers;

  /** The roots whose markers need not be read again. */
  private final Map<String, PlaceEvidence> remembered = new ConcurrentHashMap<>();

  private volatile @Nullable String mesh;

  /** True once the root of the mesh was seen with a marker. */
  private volatile boolean rootIsMarked;

  PlaceGuard(Ledger ledger, FileIO files, DataPlaces places) {
    this.ledger = ledger;
    this.files = files;
    this.places = places;
    this.writers = new WriterRecording(ledger);
  }

  /** True if the marker below the root of a place proves that it is a place of this mesh. */
  boolean owns(String root) {
    return evidence(root).proof() == Proof.OWN;
  }

  /**
   * Requires that a location below a root of the mesh is in a place of this mesh, by a marker that
   * exists. Does nothing for other locations.
   *
   * @throws BackendException if it is not, or the marker cannot be read
   */
  void requireOwn(Verb verb, String location) {
    requireOwn(verb, root(location), location);
  }

  /**
   * As {@link #requireOwn}, before a file is written, which the registry then records.
   *
   * @throws io.meshwork.error.MeshException also if that failed
   */
  void beforeWrite(String location) {
    String root = root(location);
    requireOwn(Verb.WRITE, root, location);
    if (root != null) {
      writers.beforeWrite(root, location);
    }
  }

  private void requireOwn(Verb verb, @Nullable String root, String location) {
    if (root != null) {
      PlaceEvidence evidence = evidence(root, location);
      if (!evidence.isAccepted()) {
        throw notOwn(verb, root, evidence);
      }
    }
  }

  /**
   * Requires that no marker proves a file to be in a place of another mesh. Without a marker, the
   * file must exist: its name proves whose it is, and a disk that is not mounted has no files. In a
   * store of accounts, names prove enough.
   *
   * @throws BackendException if a marker does, or cannot be read
   */
  void requireReadable(Verb verb, String location) {
    String root = files instanceof OwnedFiles ? null : root(location);
    if (root != null) {
      PlaceEvidence evidence = evidence(root, location);
      if (evidence.isForeign() || (!evidence.isAccepted() && isMissing(location))) {
        throw notOwn(verb, root, evidence);
      }
    }
  }

  /** The marker of the place of a location; empty in a store of accounts, and if there is none. */
  Optional<MarkerFile> marker(String location) {
    String root = files instanceof LinkedFiles ? root(location) : null;
    return root == null ? Optional.empty() : MarkerFile.find(files, root + "/" + markerName(root));
  }

  private String markerName(String root) {
    return root.equals(places.meshRoot()) ? PlaceMarker.OF_MESH : DataPlaces.MARKER;
  }

  private boolean isMissing(String location) {
    try {
      return !files.newInputFile(location).exists();
    } catch (UncheckedIOException e) {
      return false; // the read fails, and says why
    }
  }

  /** As {@link #requireReadable} for each file of a table, where that costs next to nothing. */
  void requireFileReadable(String location) {
    String root = files instanceof LinkedFiles ? knownRoot(location) : null;
    if (root != null && !root.equals(places.meshRoot())) {
      requireReadable(Verb.READ, location);
    }
  }

  /** The root of the place of a location; null if it is below none. */
  private @Nullable String root(String location) {
    String placeRoot = knownRoot(location);
    String meshRoot = places.meshRoot();
    if (placeRoot != null && !placeRoot.equals(meshRoot)) {
      return placeRoot;
    }
    if (placeRoot != null
        && (RootedFileIO.isBelow(DataPlaces.dataFolder(meshRoot), location)
            || RootedFileIO.isBelow(DataPlaces.archiveFolder(meshRoot), location))) {
      return placeRoot;
    }
    places.refresh();
    return knownRoot(location);
  }

  private @Nullable String knownRoot(String location) {
    String meshRoot = places.meshRoot();
    for (String root : places.known()) {
      if (!root.equals(meshRoot) && RootedFileIO.isBelow(root, location)) {
        return root;
      }
    }
    return RootedFileIO.isBelow(meshRoot, location) ? meshRoot : null;
  }

  private PlaceEvidence evidence(String root, String location) {
    PlaceEvidence evidence = root.equals(places.meshRoot()) ? ofMeshRoot() : evidence(root);
    return evidence.proof() == Proof.OWN && files instanceof LinkedFiles links
        ? PlaceEvidence.behindLinks(links, mesh(), location)
        : evidence;
  }

  private PlaceEvidence evidence(String root) {
    PlaceEvidence rememberedEvidence = remembered.get(root);
    if (rememberedEvidence != null) {
      return rememberedEvidence;
    }
    PlaceEvidence evidence = PlaceEvidence.ofPlace(files, mesh(), root);
    if (files instanceof OwnedFiles && evidence.isAccepted()) {
      remembered.put(root, evidence);
    }
    return evidence;
  }

  /** Only the folder of a mesh has a marker; it is missing while the mesh is created. */
  private PlaceEvidence ofMeshRoot() {
    if (!(files instanceof LinkedFiles)) {
      return PlaceEvidence.OWN;
    }
    String marker = places.meshRoot() + "/" + PlaceMarker.OF_MESH;
    Optional<String> text;
    try {
      text = PlaceMarker.text(files, marker);
    } catch (UncheckedIOException e) {
      return PlaceEvidence.UNREADABLE;
    }
    if (text.isEmpty()) {
      return rootIsMarked ? PlaceEvidence.MISSING : PlaceEvidence.OWN;
    }
    rootIsMarked = true;
    return PlaceEvidence.ofMesh(text.get(), mesh());
  }

  private String mesh() {
    String cached = mesh;
    if (cached == null) {
      cached = MeshRoot.find(ledger).map(MeshRoot::id).orElse("");
      mesh = cached.isEmpty() ? null : cached;
    }
    return cached;
  }

  private BackendException notOwn(Verb verb, String root, PlaceEvidence evidence) {
    return evidence.failure(verb, root, markerName(root), mesh());
  }
}
