package io.meshwork.internal.grants;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Defines one tag of a domain. */
final class TagDefinition implements RightsOperation<List<String>> {
  private static final int MOST_CHARACTERS = 50;
  private static final int MOST_TAGS = 1_000;
  private static final int MOST_VALUES = 1_000;

  private final ClientSession session;
  private final String key;
  private final List<String> values;
  private final RightsChange<List<String>> change;

  private TagDefinition(ClientSession session, String key, List<String> values) {
    this.session = session;
    this.key = key;
    this.values = values;
    this.change = new RightsChange<>(session, action(), this::proposal);
  }

  static TagDefinition of(ClientSession session, @Nullable String key, String... values) {
    List<String> some = ArgumentChecks.all("values", values);
    if (some.isEmpty()) {
      throw ArgumentChecks.refused("values", "is empty", "Name the values that the tag may have.");
    }
    return new TagDefinition(
        session,
        own(checked("key", key)),
        some.stream().map(value -> checked("values", value)).toList());
  }

  /** Called by {@code Governance.tags}. */
  public static SortedMap<String, List<String>> all(
      ClientSession session, @Nullable String domain) {
    MeshAction action = MeshAction.of(Verb.LIST, "the tags of " + domain);
    session.checkOpen(action);
    DomainEntry entry =
        session.catalog().requireDomain(ArgumentChecks.text("domain", domain), action);
    SortedMap<String, List<String>> all = new TreeMap<>();
    for (VersionedDocument tag :
        session
            .ledger()
            .list(RegistryKeys.partition(entry.domain().name()), RegistryKeys.TAG_KEYS)) {
      all.put(tag.json().path("key").asText(), values(tag));
    }
    return all;
  }

  /** A key or a value in lower case. */
  static String checked(String parameter, @Nullable String given) {
    String text = ArgumentChecks.text(parameter, given).strip().toLowerCase(Locale.ROOT);
    int characters = text.codePointCount(0, text.length());
    if (characters > MOST_CHARACTERS || text.equals("*")) {
      throw ArgumentChecks.refused(
          parameter,
          text.equals("*")
              ? "is '*', which stands for all values"
              : "has " + characters + " characters and the limit is " + MOST_CHARACTERS,
          "Give another.");
    }
    checkPlain(parameter, text);
    return text;
  }

  /** What people export to a sheet must not be a formula there, and AWS keeps a prefix. */
  private static void checkPlain(String parameter, String text) {
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
                  ? text.substring(0, 1) + "', which sheets take for a formula"
                  : "aws:', which AWS keeps for itself"),
          "Give another.");
    }
  }

  /** A key that is not one of the mesh's. */
  static String own(String key) {
    if (Set.of(PolicySnapshot.DOMAIN, TableRights.CLASSIFICATION).contains(key)) {
      throw ArgumentChecks.refused(
          "key", "is '" + key + "', which the mesh sets itself", "Give the tag another name.");
    }
    return key;
  }

  private static List<String> values(VersionedDocument tag) {
    List<String> values = new ArrayList<>();
    tag.json().path("values").forEach(each -> values.add(each.asText()));
    return values;
  }

  @Override
  public RightsChange<List<String>> change() {
    return change;
  }

  private ChangeSet<List<String>> proposal(RightsDocuments documents, Instant now) {
    String domain = session.authorizer().requireOwnDomain(action()).domain();
    DomainEntry entry = session.authorizer().requireOwner(domain, action());
    ChangeSet.Policy policy = new ChangeSet.Policy(domain, documents.policy(domain));
    Optional<VersionedDocument> existing = documents.read(RegistryKeys.tagKey(domain, key));
    Set<String> all = new TreeSet<>(values);
    existing.map(TagDefinition::values).ifPresent(all::addAll);
    checkLimits(documents, domain, existing.isPresent(), all);
    List<String> result = List.copyOf(all);
    boolean same = existing.isPresent() && values(existing.get()).equals(result);
    ObjectNode json =
        existing.map(VersionedDocument::json).orElseGet(DocumentJson::create).deepCopy();
    json.put("key", key);
    result.forEach(json.putArray("values")::add);
    ObjectNode details = JsonNodeFactory.instance.objectNode().put("tag", key);
    ArrayNode logged = details.putArray("values");
    result.forEach(logged::add);
    return new ChangeSet<>(
        "Define tag " + key + " of " + domain,
        new ChangeSet.Entry(RegistryKeys.partition(domain), "tag.defined", domain, details),
        policy,
        same
            ? List.of()
            : List.of(
                new ChangeSet.Write(RegistryKeys.tagKey(domain, key), existing, Optional.of(json))),
        List.of(entry.stored()),
        same
            ? List.of()
            : List.of(new Step("define", key, "values " + String.join(", ", result), "")),
        List.of(),
        AffectedResources.none(),
        result);
  }

  private void checkLimits(
      RightsDocuments documents, String domain, boolean exists, Set<String> all) {
    boolean tooManyTags =
        !exists
            && documents.list(RegistryKeys.partition(domain), RegistryKeys.TAG_KEYS).size()
                >= MOST_TAGS;
    if (tooManyTags || all.size() > MOST_VALUES) {
      throw new InvalidRequestException(
          ErrorCode.LIMIT_EXCEEDED,
          "Cannot "
              + action()
              + ": "
              + (tooManyTags
                  ? "domain '" + domain + "' defines " + MOST_TAGS + " tags already"
                  : "it would have " + all.size() + " values and the limit is " + MOST_VALUES)
              + ". Nothing was changed. Use what is defined.");
    }
  }

  private MeshAction action() {
    return MeshAction.of(Verb.DEFINE, "tag " + key);
  }
}
