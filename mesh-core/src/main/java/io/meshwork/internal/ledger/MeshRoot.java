package io.meshwork.internal.ledger;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import java.util.Optional;

/**
 * The document {@code _mesh}, {@code root}: the ID of the mesh and the root location of its files,
 * except for domains with a place of their data. Tables contain full locations, so a copy of the
 * mesh at another location would write to the original. A mesh with locations relative to a folder
 * always has the same root. Written once, when the mesh is created. Immutable.
 *
 * @param id the mesh's ID, a UUIDv7
 * @param root the location of the files, without a trailing slash
 */
public record MeshRoot(String id, String root) {
  public static final Key KEY = new Key("_mesh", "root");

  /** Removes a trailing slash of the root. */
  public MeshRoot {
    root = withoutSlash(root);
  }

  /**
   * The root of a registry; writes this one if there is none yet. Does not compare them: see {@link
   * #require}. Safe for concurrent threads and processes.
   *
   * @throws BackendException if the registry cannot be read or written, or the document is damaged
   */
  public static MeshRoot ensure(Ledger ledger, String root) {
    Optional<MeshRoot> existing = find(ledger);
    return existing.isPresent()
        ? existing.get()
        : ensure(ledger, new MeshRoot(ledger.runtime().ids().next(), root));
  }

  /**
   * As {@link #ensure(Ledger, String)} for a further registry of a mesh, which has this root.
   *
   * @throws BackendException as {@link #ensure(Ledger, String)}
   */
  public static MeshRoot ensure(Ledger ledger, MeshRoot created) {
    Optional<MeshRoot> existing = find(ledger);
    if (existing.isPresent()) {
      return existing.get();
    }
    return ledger.commit(
        Ledger.Change.of(
            MeshAction.of(Verb.RECORD, "the root folder of the mesh"),
            KEY.partition(),
            attempt ->
                find(ledger).map(CommitDraft::unchanged).orElseGet(() -> placement(created))),
        ledger.runtime().startDeadline(ledger.runtime().deadline()));
  }

  private static CommitDraft<MeshRoot> placement(MeshRoot created) {
    return CommitDraft.<MeshRoot>of("mesh.placed", Principal.of("mesh", "sdk"), "_mesh")
        .details(created)
        .insert(KEY, DocumentCodec.toJson(created))
        .result(created);
  }

  /**
   * The root of a registry, without writing anything.
   *
   * @return empty if it has none yet
   * @throws BackendException as {@link #ensure}
   */
  public static Optional<MeshRoot> find(Ledger ledger) {
    return ledger
        .read(KEY)
        .map(
            stored -> {
              MeshRoot root = DocumentCodec.of(MeshRoot.class).read(stored);
              if (root.id.isEmpty() || root.root.isEmpty()) {
                throw Failure.of(MeshAction.of(Verb.OPEN, "the mesh"))
                    .because("'" + KEY + "' in the registry has no mesh ID or no root location")
                    .fix("Restore the registry from a backup.")
                    .lasting(ErrorCode.REGISTRY_CORRUPT);
              }
              ledger.remember(root);
              return root;
            });
  }

  /**
   * Requires that the mesh is opened at its root.
   *
   * @param location where the mesh is opened
   * @throws InvalidRequestException CONFIG_INVALID otherwise; the message names both locations
   */
  public void require(String location) {
    if (!root.equals(withoutSlash(location))) {
      throw wrongLocation(location);
    }
  }

  private InvalidRequestException wrongLocation(String location) {
    return Failure.of(MeshAction.of(Verb.OPEN, "the mesh at " + location))
        .because(
            "it was created at "
                + root
                + ", and its tables refer to files there, so changes here would change these files")
        .fix(
            "If it was moved, move it back, or create a symbolic link at the old location. A copy"
                + " cannot be opened at another location.")
        .invalidRequest(ErrorCode.CONFIG_INVALID);
  }

  private static String withoutSlash(String location) {
    return location.length() > 1 && location.endsWith("/")
        ? location.substring(0, location.length() - 1)
        : location;
  }
}
