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
 * The document {@code _mesh}, {@code root}: which mesh this is, and the one place where its files
 * may lie. Tables name their files by that place, so a mesh that is found elsewhere would write
 * into the one it was copied from. In a mesh whose files are named relative to a folder, it is the
 * same for all. Written once, when a mesh is made, and never changed. Immutable.
 *
 * @param id the mesh's id, a UUIDv7
 * @param root the location below which all files lie, without a slash at its end
 */
public record MeshRoot(String id, String root) {
  /** Where it lives. */
  public static final Key KEY = new Key("_mesh", "root");

  /** Drops a slash at the end of the root. */
  public MeshRoot {
    root = withoutSlash(root);
  }

  /**
   * The root of a registry; this one if it has none yet. It says nothing of whether they are the
   * same: see {@link #require}. Safe among threads and processes, of which one wins.
   *
   * @throws BackendException if the registry cannot be read or written, or the document is damaged
   */
  public static MeshRoot ensure(Ledger ledger, String root) {
    Optional<MeshRoot> there = find(ledger);
    return there.isPresent()
        ? there.get()
        : ensure(ledger, new MeshRoot(ledger.runtime().ids().next(), root));
  }

  /**
   * The same for one more registry of a mesh that has this root already.
   *
   * @throws BackendException as {@link #ensure(Ledger, String)}
   */
  public static MeshRoot ensure(Ledger ledger, MeshRoot made) {
    Optional<MeshRoot> there = find(ledger);
    if (there.isPresent()) {
      return there.get();
    }
    return ledger.commit(
        new Ledger.Change<MeshRoot>() {
          @Override
          public MeshAction action() {
            return MeshAction.of(Verb.RECORD, "the root folder of the mesh");
          }

          @Override
          public String partition() {
            return KEY.partition();
          }

          @Override
          public CommitDraft<MeshRoot> draft(Ledger.Attempt attempt) {
            Optional<MeshRoot> meanwhile = find(ledger);
            if (meanwhile.isPresent()) {
              return CommitDraft.settled(meanwhile.get());
            }
            return CommitDraft.<MeshRoot>of("mesh.placed", Principal.of("mesh", "sdk"), "_mesh")
                .detail("id", made.id())
                .detail("root", made.root())
                .insert(KEY, DocumentJson.create().put("id", made.id()).put("root", made.root()))
                .result(made);
          }
        },
        ledger.runtime().startDeadline(ledger.runtime().deadline()));
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
              String id = stored.json().path("id").asText();
              String root = stored.json().path("root").asText();
              if (id.isEmpty() || root.isEmpty()) {
                throw Failure.of(MeshAction.of(Verb.OPEN, "the mesh"))
                    .because(
                        "'"
                            + KEY
                            + "' in the registry does not say which mesh it is and where its files lie")
                    .fix("Restore the registry from a backup.")
                    .lasting(ErrorCode.REGISTRY_CORRUPT);
              }
              return new MeshRoot(id, root);
            });
  }

  /**
   * Goes on only if this is the place.
   *
   * @param given where the mesh was found
   * @throws InvalidRequestException CONFIG_INVALID otherwise, naming both places
   */
  public void require(String given) {
    if (!root.equals(withoutSlash(given))) {
      throw elsewhere(given);
    }
  }

  private InvalidRequestException elsewhere(String given) {
    return Failure.of(MeshAction.of(Verb.OPEN, "the mesh at " + given))
        .because(
            "it was made at "
                + root
                + ", and its tables name their files there, so that work here would change what lies there")
        .fix(
            "If it was moved, move it back, or put a link to it at the old place; a copy cannot be opened where it is.")
        .invalidRequest(ErrorCode.CONFIG_INVALID);
  }

  private static String withoutSlash(String location) {
    return location.length() > 1 && location.endsWith("/")
        ? location.substring(0, location.length() - 1)
        : location;
  }
}
