package io.meshwork.internal.delivery;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * The commits to a product that the registry may have lost, by a file of one of its tables and by
 * the registry, which records until when they were. Immutable.
 *
 * @param until when the last of them can have been; {@link Instant#MIN} if there were none
 * @param lacking the attempt of the newest commit that the file names, if the registry lacks it
 * @param isNamed whether the file names a commit; false if it is missing or damaged
 */
public record LostCommits(Instant until, Optional<String> lacking, boolean isNamed) {
  /** The value for a table without a pointer. */
  public static final LostCommits NONE = new LostCommits(Instant.MIN, Optional.empty(), true);

  /** Returns true if the registry has the newest commit that the file names. */
  public boolean isComplete() {
    return lacking.isEmpty();
  }

  /** Returns why the registry is older than the files, as a sentence; empty if it is not. */
  public Optional<String> reason() {
    return lacking.map(
        attempt ->
            "The file last_updated.json of this table names commit "
                + attempt
                + ", which the registry lacks, so the registry is older than the files.");
  }

  /** Returns true for a publish or an attempt that may be a commit that the registry lost. */
  public boolean includes(String id) {
    return !isComplete()
        || !isNamed
        || IdGenerator.time(id).filter(time -> !time.isAfter(until)).isPresent();
  }

  /** Returns these, until the later of their time and the registry's. */
  LostCommits withKept(Ledger ledger, String partition) {
    Instant stored =
        ledger.readLenient(key(partition)).map(LostCommitsDocument::instant).orElse(Instant.MIN);
    return new LostCommits(stored.isAfter(until) ? stored : until, lacking, isNamed);
  }

  /** Parses until when commits are lost. A string that is not a time counts as the latest one. */
  static Instant instant(String text) {
    try {
      return text.isEmpty() ? Instant.MIN : Instant.parse(text);
    } catch (DateTimeParseException e) {
      return Instant.MAX;
    }
  }

  /** Until when the registry may have lost commits, as it stores it. */
  private record LostCommitsDocument(String until) {
    static Instant instant(VersionedDocument stored) {
      return LostCommits.instant(DocumentCodec.of(LostCommitsDocument.class).read(stored).until());
    }
  }

  private static Key key(String partition) {
    return new Key(partition, UnloggedDocuments.LOST_COMMITS);
  }

  /** Records in the registry until when it may have lost commits to a product. */
  record Note(Ledger ledger, String partition, Instant until) implements Ledger.Change<Boolean> {
    @Override
    public MeshAction action() {
      return MeshAction.of(Verb.RECORD, "that the registry may lack commits to " + partition);
    }

    @Override
    public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
      var json = DocumentCodec.document(new LostCommitsDocument(until.toString()));
      Optional<VersionedDocument> stored = ledger.readLenient(key(partition));
      if (stored.isEmpty()) {
        return CommitDraft.<Boolean>unlogged().insert(key(partition), json).result(true);
      }
      return LostCommitsDocument.instant(stored.get()).isBefore(until)
          ? CommitDraft.<Boolean>unlogged().replace(stored.get(), json).result(true)
          : CommitDraft.unchanged(false);
    }
  }
}
