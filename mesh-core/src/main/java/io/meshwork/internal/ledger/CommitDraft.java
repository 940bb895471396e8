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
import org.jspecify.annotations.Nullable;

/**
 * What one attempt wants to do: changes and checks of documents, the log entry that tells of them,
 * and the result once they are committed. Belongs to one thread.
 *
 * <p>A key may be named several times as long as it is written once; what was first expected of it
 * stands, so that two readings that differ end in a conflict and not in a lost update.
 *
 * @param <R> what the change gives
 */
public final class CommitDraft<R> {
  private final Map<Key, Action> actions = new LinkedHashMap<>();
  private final ObjectNode entry = JsonNodeFactory.instance.objectNode();
  private final ObjectNode details = JsonNodeFactory.instance.objectNode();
  private final List<Runnable> whenCommitted = new ArrayList<>();
  private final List<Runnable> whenLost = new ArrayList<>();
  private final boolean settled;
  private final boolean unlogged;
  private @Nullable R result;

  private CommitDraft(boolean settled, boolean unlogged, @Nullable R result) {
    this.settled = settled;
    this.unlogged = unlogged;
    this.result = result;
  }

  /**
   * Starts a draft with its log entry.
   *
   * @param event what happens, such as {@code product.defined}
   * @param principal who does it
   * @param subject on what, such as {@code commerce/orders}
   */
  public static <R> CommitDraft<R> of(String event, Principal principal, String subject) {
    CommitDraft<R> draft = new CommitDraft<>(false, false, null);
    draft.entry.put("event", event).put("principal", principal.toString()).put("subject", subject);
    return draft;
  }

  /** Nothing is left to do, and this is the result; nothing is written and nothing is logged. */
  public static <R> CommitDraft<R> settled(R result) {
    return new CommitDraft<>(true, false, result);
  }

  /**
   * Starts a draft of documents that no log tells of, and of no other; see {@link
   * UnloggedDocuments}.
   */
  public static <R> CommitDraft<R> unlogged() {
    return new CommitDraft<>(false, true, null);
  }

  /** Adds a detail to the log entry: names, ids and counts, never field values. */
  public CommitDraft<R> detail(String name, String value) {
    details.put(name, ArgumentChecks.wellFormed(name, value));
    return this;
  }

  /** Adds a number to the log entry. */
  public CommitDraft<R> detail(String name, long value) {
    details.put(name, value);
    return this;
  }

  /** Adds a structure to the log entry; it is copied. */
  public CommitDraft<R> detail(String name, JsonNode value) {
    ArgumentChecks.wellFormed(name, value.toString());
    details.set(name, value.deepCopy());
    return this;
  }

  /** Writes a document where there must be none; {@code format} is set if it is missing. */
  public CommitDraft<R> insert(Key key, ObjectNode json) {
    return write(key, json, Transaction.ABSENT);
  }

  /** Writes a document over the one that was read. */
  public CommitDraft<R> replace(VersionedDocument stored, ObjectNode json) {
    return write(stored.key(), json, stored.version());
  }

  /** Removes the document that was read. */
  public CommitDraft<R> delete(VersionedDocument stored) {
    add(new Action(Kind.DELETE, stored.key(), null, stored.version()));
    return this;
  }

  /** Commits only while this document is as it was read. */
  public CommitDraft<R> check(VersionedDocument stored) {
    add(new Action(Kind.CHECK, stored.key(), null, stored.version()));
    return this;
  }

  /** Commits only while this document is absent. */
  public CommitDraft<R> checkAbsent(Key key) {
    add(new Action(Kind.CHECK, key, null, Transaction.ABSENT));
    return this;
  }

  /** What the change gives once it is committed. */
  public CommitDraft<R> result(R value) {
    result = value;
    return this;
  }

  /** Runs after the commit, in this order; what it throws is logged and changes nothing. */
  public CommitDraft<R> onCommitted(Runnable action) {
    whenCommitted.add(action);
    return this;
  }

  /** Runs once it is certain that this attempt never lands; what it throws is logged. */
  public CommitDraft<R> onLost(Runnable action) {
    whenLost.add(action);
    return this;
  }

  boolean isSettled() {
    return settled;
  }

  boolean isUnlogged() {
    return unlogged;
  }

  R result() {
    if (result == null) {
      throw new IllegalStateException("The draft has no result: call result(..)");
    }
    return result;
  }

  ObjectNode entry() {
    ObjectNode copy = entry.deepCopy();
    copy.set("details", details.deepCopy());
    return copy;
  }

  List<Action> actions() {
    return List.copyOf(actions.values());
  }

  List<Runnable> whenCommitted() {
    return whenCommitted;
  }

  List<Runnable> whenLost() {
    return whenLost;
  }

  private CommitDraft<R> write(Key key, ObjectNode json, String expectedVersion) {
    ObjectNode document = json;
    if (!json.has("format")) {
      document = DocumentJson.create();
      document.setAll(json);
    }
    // What cannot be stored as it is must not come back as something else.
    String text = ArgumentChecks.wellFormed(key.toString(), DocumentJson.write(document));
    add(new Action(Kind.PUT, key, text, expectedVersion));
    return this;
  }

  private void add(Action action) {
    Action before = actions.get(action.key());
    if (before == null) {
      actions.put(action.key(), action);
    } else if (action.kind() != Kind.CHECK) {
      if (before.kind() != Kind.CHECK) {
        throw new IllegalStateException("The draft writes '" + action.key() + "' twice");
      }
      actions.put(
          action.key(),
          new Action(action.kind(), action.key(), action.json(), before.expectedVersion()));
    }
  }
}
