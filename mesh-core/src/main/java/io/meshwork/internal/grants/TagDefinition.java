package io.meshwork.internal.grants;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.grants.ChangeSet.AffectedResources;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredTags;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan.Step;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Defines one tag of a domain. */
final class TagDefinition extends RightsOperation<List<String>> {
  private static final int MAX_CHARACTERS = 50;
  private static final int MAX_TAGS = 1_000;
  private static final int MAX_VALUES = 1_000;

  private final String key;
  private final List<String> values;

  private TagDefinition(ClientSession session, String key, List<String> values) {
    super(session, MeshAction.of(Verb.DEFINE, "tag " + key));
    this.key = key;
    this.values = values;
  }

  static TagDefinition of(ClientSession session, @Nullable String key, String... values) {
    List<String> all = ArgumentChecks.all("values", values);
    if (all.isEmpty()) {
      throw ArgumentChecks.refused("values", "is empty", "Name the values that the tag may have.");
    }
    return new TagDefinition(
        session, key(key), all.stream().map(value -> keyOrValue("values", value)).toList());
  }

  /** Returns the tags that a domain defines, each with its values. */
  static SortedMap<String, List<String>> all(ClientSession session, @Nullable String domain) {
    MeshAction action = MeshAction.of(Verb.LIST, "the tags of " + domain);
    session.checkOpen(action);
    DomainEntry entry =
        session.catalog().requireDomain(ArgumentChecks.text("domain", domain), action);
    SortedMap<String, List<String>> all = new TreeMap<>();
    for (VersionedDocument tag :
        session
            .ledger()
            .list(RegistryKeys.partition(entry.domain().name()), RegistryKeys.TAG_KEYS)) {
      StoredTags.Definition defined = StoredTags.Definition.of(tag);
      all.put(defined.key(), defined.values());
    }
    return all;
  }

  /** Returns a key or a value in lower case. */
  static String keyOrValue(String parameter, @Nullable String argument) {
    String text = ArgumentChecks.text(parameter, argument).strip().toLowerCase(Locale.ROOT);
    int characters = text.codePointCount(0, text.length());
    if (characters > MAX_CHARACTERS || text.equals("*")) {
      throw ArgumentChecks.refused(
          parameter,
          text.equals("*")
              ? "is '*', which stands for all values"
              : "has " + characters + " characters; the limit is " + MAX_CHARACTERS,
          "Use another.");
    }
    requirePlain(parameter, text);
    return text;
  }

  /** Rejects control characters, formulas of spreadsheets, and the prefix that AWS reserves. */
  private static void requirePlain(String parameter, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        throw ArgumentChecks.refused(
            parameter, "has a control character at position " + i, "Remove it.");
      }
    }
    boolean formula = text.startsWith("=") || text.startsWith("@");
    if (formula || text.startsWith("aws:")) {
      throw ArgumentChecks.refused(
          parameter,
          "begins with '"
              + (formula
                  ? text.substring(0, 1) + "', which spreadsheets read as a formula"
                  : "aws:', which AWS reserves"),
          "Use another.");
    }
  }

  /** Returns a key in lower case that the mesh does not set itself. */
  static String key(@Nullable String argument) {
    String key = keyOrValue("key", argument);
    if (Set.of(PolicySnapshot.DOMAIN, TableRights.CLASSIFICATION).contains(key)) {
      throw ArgumentChecks.refused(
          "key", "is '" + key + "', which the mesh sets itself", "Give the tag another name.");
    }
    return key;
  }

  @Override
  protected ChangeSet<List<String>> propose(RightsDocuments documents, Instant now) {
    String domain = session().authorizer().requireOwnDomain(action()).domain();
    DomainEntry entry = session().authorizer().requireOwner(domain, action());
    ChangeSet.Policy policy = new ChangeSet.Policy(domain, documents.policy(domain));
    Optional<VersionedDocument> existing = documents.read(RegistryKeys.tagKey(domain, key));
    Set<String> all = new TreeSet<>(values);
    Optional<StoredTags.Definition> before = existing.map(StoredTags.Definition::of);
    before.ifPresent(defined -> all.addAll(defined.values()));
    checkLimits(documents, domain, existing.isPresent(), all);
    List<String> result = List.copyOf(all);
    StoredTags.Definition next = new StoredTags.Definition(key, result);
    boolean isUnchanged = before.equals(Optional.of(next));
    return new ChangeSet<>(
        new ChangeSet.Entry(
            RegistryKeys.partition(domain),
            MeshEvent.Type.TAG_DEFINED.text(),
            domain,
            new EventDetails.AllowedTagValues(key, result)),
        policy,
        isUnchanged
            ? List.of()
            : List.of(
                new ChangeSet.Write(
                    RegistryKeys.tagKey(domain, key),
                    existing,
                    Optional.of(next.toDocument(existing)))),
        List.of(entry.stored()),
        isUnchanged
            ? List.of()
            : List.of(new Step("define", key, "values " + String.join(", ", result), "")),
        remaining(result),
        AffectedResources.none(),
        result);
  }

  /** Notes values that were defined before and are not named now: they stay. */
  private List<Finding> remaining(List<String> result) {
    List<String> remaining = result.stream().filter(value -> !values.contains(value)).toList();
    return remaining.isEmpty()
        ? List.of()
        : List.of(
            new Finding(
                FindingCode.TAG_VALUES_REMAIN,
                Finding.Severity.NOTE,
                key,
                "keeps its values "
                    + String.join(", ", remaining)
                    + ": defining a tag again adds values and removes none",
                0,
                List.of(),
                "Remove the values from products with access().tag(..) if they are no longer"
                    + " used."));
  }

  private void checkLimits(
      RightsDocuments documents, String domain, boolean exists, Set<String> all) {
    boolean tooManyTags =
        !exists
            && documents.list(RegistryKeys.partition(domain), RegistryKeys.TAG_KEYS).size()
                >= MAX_TAGS;
    if (tooManyTags || all.size() > MAX_VALUES) {
      throw Failure.of(action())
          .because(
              tooManyTags
                  ? "domain '" + domain + "' defines " + MAX_TAGS + " tags already"
                  : "it would have " + all.size() + " values; the limit is " + MAX_VALUES)
          .fix("Use a defined tag or value.")
          .invalidRequest(ErrorCode.LIMIT_EXCEEDED);
    }
  }
}
