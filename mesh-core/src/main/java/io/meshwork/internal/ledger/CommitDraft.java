package io.meshwork.internal.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.registry.Registry.Transaction.Action;
import io.meshwork.registry.Registry.Transaction.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The draft of one commit attempt: changes and checks of documents, the log entry that records
 * them, and the result after the commit. Not thread-safe.
 *
 * <p>A key may be checked several times and written once. The first expected version counts, so
 * that two different reads cause a conflict and not a lost update.
 *
 * @param <R> the result of the change
 */
public final class CommitDraft<R> {
  private final Map<Key, Action> actions = new LinkedHashMap<>();
  private final ObjectNode details = JsonNodeFactory.instance.objectNode();
  private final List<Runnable> committedActions = new ArrayList<>();
  private final List<Runnable> lostActions = new ArrayList<>();
  private final Map<Key, Object> attachments = new LinkedHashMap<>();
  private final boolean unchanged;
  private final @Nullable LoggedChange logged;
  private @Nullable R result;

  private CommitDraft(boolean unchanged, @Nullable LoggedChange logged, @Nullable R result) {
    this.unchanged = unchanged;
    this.logged = logged;
    this.result = result;
  }

  /** What a log entry says of a change. */
  record LoggedChange(String event, Principal principal, String subject, JsonNode details) {
    LoggedChange with(JsonNode otherDetails) {
      return new LoggedChange(event, principal, subject, otherDetails);
    }
  }

  /**
   * Starts a draft with its log entry.
   *
   * @param event the event type, such as {@code product.defined}
   * @param principal the acting principal
   * @param subject what it is about, such as {@code commerce/orders}
   */
  public static <R> CommitDraft<R> of(String event, Principal principal, String subject) {
    LoggedChange logged =
        new LoggedChange(event, principal, subject, JsonNodeFactory.instance.objectNode());
    return new CommitDraft<>(false, logged, null);
  }

  /** A draft without changes: nothing is written or logged, and the commit returns this result. */
  public static <R> CommitDraft<R> unchanged(R result) {
    return new CommitDraft<>(true, null, result);
  }

  /** Starts a draft without a log entry, which may write {@link UnloggedDocuments} only. */
  public static <R> CommitDraft<R> unlogged() {
    return new CommitDraft<>(false, null, null);
  }

  /**
   * Adds the components of a record to the log entry: names, IDs, and counts, never a field value.
   */
  public CommitDraft<R> details(Record value) {
    return details(DocumentCodec.toJson(value));
  }

  /** Adds structures to the log entry by their names; they are copied. */
  public CommitDraft<R> details(JsonNode structures) {
    for (Map.Entry<String, JsonNode> each : structures.properties()) {
      ArgumentChecks.wellFormed(each.getKey(), each.getValue().toString());
      details.set(each.getKey(), each.getValue().deepCopy());
    }
    return this;
  }

  /** Writes a document that must not exist; {@code format} is set if it is missing. */
  public CommitDraft<R> insert(Key key, ObjectNode json) {
    return write(key, json, Transaction.ABSENT);
  }

  /** Replaces a document, which must not have changed since it was read. */
  public CommitDraft<R> replace(VersionedDocument stored, ObjectNode json) {
    return write(stored.key(), json, stored.version());
  }

  /**
   * Changes a document, which must not have changed since it was read, and which the draft may
   * replace already.
   */
  public CommitDraft<R> change(VersionedDocument stored, UnaryOperator<ObjectNode> how) {
    Optional<ObjectNode> written = written(stored.key());
    String expected =
        written
            .flatMap(json -> Optional.ofNullable(actions.remove(stored.key())))
            .map(Action::expectedVersion)
            .orElse(stored.version());
    ObjectNode json = written.orElseGet(() -> stored.json().deepCopy());
    return write(stored.key(), how.apply(json), expected);
  }

  /** Deletes a document, which must not have changed since it was read. */
  public CommitDraft<R> delete(VersionedDocument stored) {
    add(new Action(Kind.DELETE, stored.key(), null, stored.version()));
    return this;
  }

  /** Requires that this document does not change until the commit. */
  public CommitDraft<R> check(VersionedDocument stored) {
    add(new Action(Kind.CHECK, stored.key(), null, stored.version()));
    return this;
  }

  /** Requires that this document does not exist at the commit. */
  public CommitDraft<R> checkAbsent(Key key) {
    add(new Action(Kind.CHECK, key, null, Transaction.ABSENT));
    return this;
  }

  /** Sets the result of the commit. */
  public CommitDraft<R> result(R value) {
    result = value;
    return this;
  }

  /** Adds an action that runs after the commit; its exceptions are logged and ignored. */
  public CommitDraft<R> onCommitted(Runnable action) {
    committedActions.add(action);
    return this;
  }

  /** Adds an action that runs once it is certain that this attempt is not committed. */
  public CommitDraft<R> onLost(Runnable action) {
    lostActions.add(action);
    return this;
  }

  /** Attaches a value to a document that is written, for documents that derive from it. */
  public CommitDraft<R> attach(Key key, Object value) {
    attachments.put(key, value);
    return this;
  }

  /** Returns the attached values by the keys of the documents. */
  public Map<Key, Object> attachments() {
    return Map.copyOf(attachments);
  }

  /** Returns the keys of the documents that are written or deleted. */
  public Set<Key> writtenKeys() {
    return actions.values().stream()
        .filter(action -> action.kind() != Kind.CHECK)
        .map(Action::key)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Returns the version that a document must have at the commit, or {@link Transaction#ABSENT};
   * empty if the draft does not use it.
   */
  public Optional<String> expectedVersion(Key key) {
    return Optional.ofNullable(actions.get(key)).map(Action::expectedVersion);
  }

  /** Returns true if the document under a key is deleted. */
  public boolean deletes(Key key) {
    Action action = actions.get(key);
    return action != null && action.kind() == Kind.DELETE;
  }

  /** Returns what is written under a key; empty if the document is deleted or not written. */
  public Optional<ObjectNode> written(Key key) {
    return Optional.ofNullable(actions.get(key))
        .map(Action::json)
        .map(json -> DocumentJson.parseObject(key.toString(), json));
  }

  /** Returns the details of the log entry. */
  public JsonNode details() {
    return details.deepCopy();
  }

  boolean isUnchanged() {
    return unchanged;
  }

  boolean isUnlogged() {
    return logged == null && !unchanged;
  }

  R result() {
    if (result == null) {
      throw new IllegalStateException("The draft has no result: call result(..)");
    }
    return result;
  }

  LoggedChange logged() {
    return Objects.requireNonNull(logged).with(details());
  }

  List<Action> actions() {
    return List.copyOf(actions.values());
  }

  List<Runnable> committedActions() {
    return committedActions;
  }

  List<Runnable> lostActions() {
    return lostActions;
  }

  private CommitDraft<R> write(Key key, ObjectNode json, String expectedVersion) {
    ObjectNode document = json;
    if (!json.has("format")) {
      document = DocumentJson.create();
      document.setAll(json);
    }
    // Text that is not well-formed would be read back differently.
    String text = ArgumentChecks.wellFormed(key.toString(), DocumentJson.write(document));
    add(new Action(Kind.PUT, key, text, expectedVersion));
    return this;
  }

  private void add(Action action) {
    Action existing = actions.get(action.key());
    if (existing == null) {
      actions.put(action.key(), action);
    } else if (action.kind() != Kind.CHECK) {
      if (existing.kind() != Kind.CHECK) {
        throw new IllegalStateException("The draft writes '" + action.key() + "' twice");
      }
      actions.put(
          action.key(),
          new Action(action.kind(), action.key(), action.json(), existing.expectedVersion()));
    }
  }
}
