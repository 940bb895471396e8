package io.meshwork.sharing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.ledger.Documents;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.RightsWorld;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.session.Session;
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

/**
 * Defines a tag of the caller's domain, or adds values to one; no value is taken away. Case means
 * nothing: keys and values are kept in lower case. Gives all values that the tag may have then;
 * nobody gains or loses by a definition. One thread; committed once.
 */
public final class DefineTag implements AccessOperation<List<String>> {
  private static final int MOST_CHARACTERS = 50;
  private static final int MOST_TAGS = 1_000;
  private static final int MOST_VALUES = 1_000;

  private final Session session;
  private final String key;
  private final List<String> values;
  private final RightsChange<List<String>> change;

  private DefineTag(Session session, String key, List<String> values) {
    this.session = session;
    this.key = key;
    this.values = values;
    this.change = new RightsChange<>(session, doing(), this::proposal);
  }

  /** Called by {@code Governance.defineTag}. */
  public static DefineTag of(Session session, @Nullable String key, String... values) {
    List<String> some = Arguments.all("values", values);
    if (some.isEmpty()) {
      throw Arguments.refused("values", "is empty", "Name the values that the tag may have.");
    }
    return new DefineTag(
        session,
        own(checked("key", key)),
        some.stream().map(value -> checked("values", value)).toList());
  }

  /** Called by {@code Governance.tags}. */
  public static SortedMap<String, List<String>> all(Session session, @Nullable String domain) {
    String doing = "list the tags of " + domain;
    session.checkOpen(doing);
    DomainEntry entry = session.catalog().requireDomain(Arguments.text("domain", domain), doing);
    SortedMap<String, List<String>> all = new TreeMap<>();
    for (Stored tag : session.ledger().list(Keys.partition(entry.domain().name()), Keys.TAG_KEYS)) {
      all.put(tag.json().path("key").asText(), values(tag));
    }
    return all;
  }

  /** A key or a value in lower case. */
  static String checked(String parameter, @Nullable String given) {
    String text = Arguments.text(parameter, given).strip().toLowerCase(Locale.ROOT);
    int characters = text.codePointCount(0, text.length());
    if (characters > MOST_CHARACTERS || text.equals("*")) {
      throw Arguments.refused(
          parameter,
          text.equals("*")
              ? "is '*', which stands for all values"
              : "has " + characters + " characters and the limit is " + MOST_CHARACTERS,
          "Give another.");
    }
    return text;
  }

  /** A key that is not one of the mesh's. */
  static String own(String key) {
    if (Set.of(RightsWorld.DOMAIN, TableRights.CLASSIFICATION).contains(key)) {
      throw Arguments.refused(
          "key", "is '" + key + "', which the mesh sets itself", "Give the tag another name.");
    }
    return key;
  }

  private static List<String> values(Stored tag) {
    List<String> values = new ArrayList<>();
    tag.json().path("values").forEach(each -> values.add(each.asText()));
    return values;
  }

  @Override
  public RightsChange<List<String>> change() {
    return change;
  }

  private Proposal<List<String>> proposal(RightsDocuments documents, Instant now) {
    String domain = session.admission().ownDomain(doing()).domain();
    DomainEntry entry = session.admission().actsFor(domain, doing());
    Proposal.Policy policy = new Proposal.Policy(domain, documents.policy(domain));
    Optional<Stored> existing = documents.read(Keys.tagKey(domain, key));
    Set<String> all = new TreeSet<>(values);
    existing.map(DefineTag::values).ifPresent(all::addAll);
    checkLimits(documents, domain, existing.isPresent(), all);
    List<String> result = List.copyOf(all);
    boolean same = existing.isPresent() && values(existing.get()).equals(result);
    ObjectNode json = existing.map(Stored::json).orElseGet(Documents::create).deepCopy();
    json.put("key", key);
    result.forEach(json.putArray("values")::add);
    ObjectNode details = JsonNodeFactory.instance.objectNode().put("tag", key);
    ArrayNode logged = details.putArray("values");
    result.forEach(logged::add);
    return new Proposal<>(
        "Define tag " + key + " of " + domain,
        new Proposal.Entry(Keys.partition(domain), "tag.defined", domain, details),
        policy,
        same
            ? List.of()
            : List.of(new Proposal.Write(Keys.tagKey(domain, key), existing, Optional.of(json))),
        List.of(entry.stored()),
        same
            ? List.of()
            : List.of(new Step("define", key, "values " + String.join(", ", result), "")),
        List.of(),
        Reach.none(),
        result);
  }

  private void checkLimits(
      RightsDocuments documents, String domain, boolean exists, Set<String> all) {
    boolean tooManyTags =
        !exists && documents.list(Keys.partition(domain), Keys.TAG_KEYS).size() >= MOST_TAGS;
    if (tooManyTags || all.size() > MOST_VALUES) {
      throw new InvalidRequestException(
          ErrorCode.LIMIT_EXCEEDED,
          "Cannot "
              + doing()
              + ": "
              + (tooManyTags
                  ? "domain '" + domain + "' defines " + MOST_TAGS + " tags already"
                  : "it would have " + all.size() + " values and the limit is " + MOST_VALUES)
              + ". Nothing was changed. Use what is defined.");
    }
  }

  private String doing() {
    return "define tag " + key;
  }
}
