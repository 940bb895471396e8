package io.meshwork.access;

import io.meshwork.internal.runtime.Arguments;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Decides by one {@link AccessState}, which it indexes once: who may do what, who may grant and
 * tag, and what a principal can list and read. Immutable and thread-safe; no input, no output, no
 * clock.
 */
public final class AccessEvaluator {
  private final Estate estate;

  private AccessEvaluator(Estate estate) {
    this.estate = estate;
  }

  /** An evaluator over a state. Takes time with the size of the state, once. */
  public static AccessEvaluator over(AccessState state) {
    return new AccessEvaluator(new Estate(Arguments.given("state", state)));
  }

  /** What it decides by. */
  public AccessState state() {
    return estate.state();
  }

  /** An evaluator over the state after some edits: to see what if. */
  public AccessEvaluator after(List<AccessEdit> edits) {
    return over(state().after(edits));
  }

  /** Decides. Never throws for what a question names and is not there. */
  public AccessDecision decide(AccessQuestion question) {
    return new Judge(estate, Arguments.given("question", question)).decide();
  }

  /** What {@code listReadable} found: a table and what may be read of it. */
  public record Readable(Resource.Table table, AccessDecision decision) {}

  /**
   * Every table that a principal may SELECT from, sorted by account, database and name, found in
   * one pass over the grants that reach it. Tables are named by their owner, not by links.
   */
  public List<Readable> listReadable(Grantee principal, Instant at) {
    return Reach.of(estate, principal, at);
  }

  /**
   * What a catalog shows to a principal, without asking IAM.
   *
   * @param names sorted; none when denied
   * @param missing {@code LINK_DESCRIBE} if the database is a link that may not be seen
   */
  public record Listing(List<String> names, List<String> missing) {
    /** Copies the lists. */
    public Listing {
      names = List.copyOf(names);
      missing = List.copyOf(missing);
    }
  }

  /** The tables, and links to tables, that a principal sees in a database or through a link. */
  public Listing listTables(Grantee principal, Resource.Database in, Instant at) {
    return Listings.tables(estate, principal, in, at);
  }

  /** The databases, and links to databases, that a principal sees in a catalog. */
  public Listing listDatabases(Grantee principal, String account, Instant at) {
    return Listings.databases(estate, principal, account, at);
  }

  /**
   * The tags of a database, a table or one column ({@link Resource.Columns} of one name), with what
   * it inherits; keys and values in lower case. None for what is not there.
   */
  public SortedMap<String, String> effectiveTags(Resource on) {
    return estate.effectiveTags(on);
  }

  /** May this principal make this grant, at this instant? */
  public Ruling mayGrant(Grantee actor, Grant grant, Instant at) {
    return new GrantRules(estate, actor, grant, at).ruling();
  }

  /**
   * May this principal put these tags on a database, a table or one column?
   *
   * @param tags for each key the values given, of which there must be one
   * @param tagAccount the account whose tags they are; empty for the resource's own
   */
  public Ruling mayTag(
      Grantee actor,
      Resource on,
      Map<String, List<String>> tags,
      Optional<String> tagAccount,
      Instant at) {
    return new TagRules(estate, actor, on, at).ruling(tags, tagAccount);
  }

  /** May these conditions filter the rows of a table? */
  public Ruling mayFilter(Resource.Table table, String rows) {
    return RowRules.ruling(estate, table, rows);
  }
}
