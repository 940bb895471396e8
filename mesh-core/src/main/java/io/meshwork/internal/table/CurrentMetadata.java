package io.meshwork.internal.table;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.metadata.MetadataContent;
import io.meshwork.registry.Registry;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * Finds the metadata of tables by their pointers. Metadata that an open mesh read before comes from
 * its memory. Thread-safe.
 */
final class CurrentMetadata {
  private static final int MAX_LOAD_TRIES = 5;
  private static final String METADATA = "the metadata file of its pointer";

  private final Ledger ledger;
  private final FileIO files;
  private final DataPlaces places;
  private final PlaceGuard guard;
  private final MetadataCache cache;

  CurrentMetadata(
      Ledger ledger, FileIO files, DataPlaces places, PlaceGuard guard, MetadataCache cache) {
    this.ledger = ledger;
    this.files = files;
    this.places = places;
    this.guard = guard;
    this.cache = cache;
  }

  /** A pointer, and the metadata file that it names. */
  record Version(VersionedDocument pointer, MetadataFile file) {
    TableMetadata metadata() {
      return file.metadata();
    }
  }

  /**
   * The current metadata of a table; empty if the table does not exist.
   *
   * @param name the table, for messages
   * @throws BackendException if the metadata is damaged, leads outside the places of its domain, or
   *     cannot be read
   */
  Optional<Version> find(Registry.Key key, String name) {
    return current(key, name, pointer -> cached(key.writingDomain(), name, pointer));
  }

  /** As {@link #find}, from the file even if this process knows the metadata. */
  Optional<Version> read(Registry.Key key, String name) {
    return current(
        key, name, pointer -> read(key.writingDomain(), name, pointer, MetadataFile::parse));
  }

  private MetadataFile cached(String domain, String name, VersionedDocument pointer) {
    Optional<MetadataFile> metadata =
        cache
            .find(pointer)
            .filter(file -> places.holds(domain, file.metadata().metadataFileLocation()))
            .filter(file -> places.holds(domain, file.metadata().location()));
    if (metadata.isPresent()) {
      return metadata.get();
    }
    return read(
            domain,
            name,
            pointer,
            (location, content) -> {
              String hash = TablePointer.hash(List.of(content.stored()));
              if (!hash.equals(TablePointer.of(pointer).metadataHash())) {
                return MetadataFile.parse(location, content);
              }
              MetadataFile file =
                  MetadataFile.parseNewest(location, content, cache.latest(pointer.key()));
              cache.add(pointer.key(), hash, file);
              return file;
            })
        .kept();
  }

  /**
   * A commit may delete old metadata after its pointer was read. Then the file is missing, or the
   * store denies it to callers that may not list, and the pointer is read again.
   */
  private Optional<Version> current(
      Registry.Key key, String name, Function<VersionedDocument, MetadataFile> metadata) {
    VersionedDocument failed = null;
    BackendException denial = null;
    for (int tries = 0; tries < MAX_LOAD_TRIES; tries++) {
      Optional<VersionedDocument> pointer = ledger.read(key);
      if (pointer.isEmpty()) {
        return Optional.empty();
      }
      if (failed != null && failed.version().equals(pointer.get().version())) {
        break;
      }
      failed = pointer.get();
      String location = TablePointer.metadataLocation(failed);
      if (places.holds(key.writingDomain(), location)) {
        guard.requireReadable(Verb.OPEN, location);
      }
      try {
        return Optional.of(new Version(failed, metadata.apply(failed)));
      } catch (org.apache.iceberg.exceptions.NotFoundException e) {
        denial = null;
      } catch (BackendException e) {
        if (e.errorCode() != ErrorCode.PERMISSION_MISSING) {
          throw e;
        }
        denial = e;
      }
    }
    throw denial == null ? damaged(name, METADATA + " is missing", null) : denial;
  }

  private MetadataFile read(
      String domain,
      String name,
      VersionedDocument pointer,
      BiFunction<String, MetadataContent, MetadataFile> parse) {
    String location = TablePointer.metadataLocation(pointer);
    if (!places.holds(domain, location)) {
      throw unsafe(name, "its pointer refers to a metadata file");
    }
    ParsedFiles parsed = new ParsedFiles(files);
    MeshAction action = MeshAction.of(Verb.OPEN, "table " + name);
    try {
      MetadataContent content = MetadataContent.read(parsed, location, action);
      MetadataFile file =
          MetadataContent.inMemory(location, action, () -> parse.apply(location, content));
      if (!places.holds(domain, file.metadata().location())) {
        throw unsafe(name, "its metadata refers to a folder");
      }
      return file;
    } catch (MeshException | org.apache.iceberg.exceptions.NotFoundException e) {
      throw e;
    } catch (RuntimeException e) {
      throw parsed
          .failure(action, METADATA)
          .orElseGet(() -> damaged(name, METADATA + " cannot be read", e));
    }
  }

  /** The hash of a metadata file; empty if a later commit deleted it. */
  String hash(Version version) {
    String location = version.metadata().metadataFileLocation();
    MeshAction action = MeshAction.of(Verb.READ, "the metadata file of a table");
    try {
      return TablePointer.hash(List.of(MetadataContent.read(files, location, action).stored()));
    } catch (RuntimeException e) {
      return "";
    }
  }

  private static BackendException damaged(
      String name, String reason, @Nullable RuntimeException cause) {
    return Failure.of(MeshAction.of(Verb.OPEN, "table " + name))
        .because(reason)
        .fix("Check the store, and restore the file from a backup if it is missing.")
        .cause(cause)
        .lasting(ErrorCode.DATA_DAMAGED);
  }

  /** Does not name the location, which an attacker may have chosen. */
  private static BackendException unsafe(String name, String reference) {
    return Failure.of(MeshAction.of(Verb.OPEN, "table " + name))
        .because(reference + " outside the roots of its domain's data")
        .state("The location was not accessed, and nothing was changed.")
        .fix("Restore the registry from a backup; a copied mesh cannot be used.")
        .lasting(ErrorCode.UNSAFE_PATH);
  }
}
