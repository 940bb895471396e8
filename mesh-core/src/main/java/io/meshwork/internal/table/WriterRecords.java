package io.meshwork.internal.table;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The processes that wrote files of one product's tables, by the documents that they add before
 * their first file. A file whose ID no document covers was written by another mesh, by a copy of
 * this one, by another program, or after the registry was backed up. Immutable.
 */
public final class WriterRecords {
  private static final Duration KEPT = Duration.ofDays(30);

  private final List<Writer> writers;

  private WriterRecords(List<Writer> writers) {
    this.writers = writers;
  }

  /** The times of IDs that a document covers, from the first to the last. */
  record Span(Instant since, Instant until) {
    static final Span NONE = new Span(Instant.MAX, Instant.MIN);

    /** Empty for a document that is damaged, which covers nothing. */
    static Optional<Span> of(VersionedDocument stored) {
      return Writer.of(stored).map(Writer::span);
    }

    boolean includes(Instant time) {
      return !time.isBefore(since) && !time.isAfter(until);
    }

    Span including(Instant time) {
      return union(new Span(time, time));
    }

    Span union(Span other) {
      return new Span(
          other.since.isBefore(since) ? other.since : since,
          other.until.isAfter(until) ? other.until : until);
    }
  }

  /**
   * A process that wrote files, as stored.
   *
   * @param tag the tag of its IDs
   */
  private record WriterDocument(String tag, @JsonUnwrapped Span span) {}

  private record Writer(@JsonUnwrapped WriterDocument document, VersionedDocument stored) {
    static Optional<Writer> of(VersionedDocument stored) {
      return stored.readAs(DocumentCodec.of(Writer.class)::read);
    }

    String tag() {
      return document.tag();
    }

    Span span() {
      return document.span();
    }

    boolean wrote(String id) {
      return IdGenerator.tag(id).filter(tag()::equals).isPresent()
          && IdGenerator.time(id).filter(span()::includes).isPresent();
    }
  }

  /**
   * The writers of a product's files.
   *
   * @param partition the partition of the product
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static WriterRecords of(Ledger ledger, String partition) {
    return new WriterRecords(
        ledger.listLenient(partition, UnloggedDocuments.WRITERS).stream()
            .flatMap(stored -> Writer.of(stored).stream())
            .toList());
  }

  /**
   * Returns true if a document says that a process of this mesh wrote files with this ID.
   *
   * @param id the ID of a publish or an attempt
   */
  public boolean include(String id) {
    return writers.stream().anyMatch(writer -> writer.wrote(id));
  }

  /**
   * Returns the documents that cover no file: documents of processes that ended long ago, and that
   * wrote none of the files that exist. A file that a snapshot references may become a leftover
   * later, so it counts as well.
   *
   * @param idsInUse the IDs in the names of all files in the folders of the product's tables
   */
  public List<VersionedDocument> removable(Set<String> idsInUse, Instant now) {
    Set<String> tags =
        idsInUse.stream().flatMap(id -> IdGenerator.tag(id).stream()).collect(Collectors.toSet());
    return writers.stream()
        .filter(
            writer ->
                writer.span().until().isBefore(now.minus(KEPT)) && !tags.contains(writer.tag()))
        .map(Writer::stored)
        .toList();
  }

  /** The key of the document of the writer with a tag. */
  static Key key(String partition, String tag) {
    return new Key(partition, UnloggedDocuments.WRITERS + tag);
  }

  static ObjectNode document(String tag, Span span) {
    return DocumentCodec.document(new WriterDocument(tag, span));
  }
}
