package io.meshwork.internal.receipts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.BrokenRule;
import io.meshwork.contract.QualityReport.QualityEntry;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.governance.GovernanceClient.DomainQuality;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.PublishQuality;
import io.meshwork.internal.session.PublishQuality.QualityDocument;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The scores and measures of the last accepted publishes of one major version, newest last, in one
 * document of the registry. Each publish adds its entry in its own transaction, so the document
 * contains exactly the accepted publishes. Rollbacks and erases add no entry, nor does a republish
 * that leaves other rows in the quarantine. The newest entry is the score of the product, in every
 * interface.
 */
public final class QualityHistory {
  /** Maximum number of publishes per major version. */
  private static final int MAX_PUBLISHES = 100;

  /** Maximum size of the document. If it is exceeded, the oldest publishes are removed. */
  private static final int MAX_CHARACTERS = 128 << 10;

  /** Maximum length of the text of a broken rule. */
  private static final int MAX_TEXT = 100;

  private final ProductName product;
  private final int major;
  private final @Nullable VersionedDocument stored;

  private QualityHistory(ProductName product, int major, @Nullable VersionedDocument stored) {
    this.product = product;
    this.major = major;
    this.stored = stored;
  }

  /** The entries of all major versions, newest first. */
  public static List<QualityEntry> of(ClientSession session, @Nullable CharSequence product) {
    ProductName name =
        ResolvedProduct.forConsumer(
                session, product, MeshAction.of(Verb.SHOW, "the quality history of"))
            .product();
    MeshAction action = MeshAction.of(Verb.SHOW, "the quality history of " + name);
    session.checkOpen(action);
    ProductEntry entry = session.catalog().requireProduct(name, action);
    List<QualityEntry> all = new ArrayList<>();
    for (int major : ReadableMajors.require(session, entry, action)) {
      all.addAll(read(session, name, major).entries());
    }
    // Entries of the same time are in descending order of their major version.
    Collections.reverse(all);
    all.sort(Comparator.comparing(QualityEntry::committedAt).reversed());
    return List.copyOf(all);
  }

  /**
   * The quality of a domain's products. Scores and counts cover all rows and columns, so it
   * includes only products that the caller may read completely.
   */
  public static DomainQuality ofDomain(ClientSession session, String domain) {
    MeshAction action = MeshAction.of(Verb.SHOW, "the quality of domain '" + domain + "'");
    session.checkOpen(action);
    session.catalog().requireDomain(domain, action);
    Map<MajorVersion, QualityEntry> majors = new LinkedHashMap<>();
    long passed = 0;
    long evaluated = 0;
    long accepted = 0;
    long offered = 0;
    for (ProductEntry entry : session.catalog().products(domain)) {
      ProductName product = entry.name();
      for (int major : session.catalog().visibleMajors(product)) {
        Optional<PublishQuality> latest =
            isCounted(session, product, major) && session.authorizer().mayReadNow(entry, major)
                ? read(session, product, major).newest()
                : Optional.empty();
        if (latest.isPresent()) {
          majors.put(new MajorVersion(product, major), latest.get().withoutMeasures());
          passed += latest.get().rulesPassed();
          evaluated += latest.get().rulesEvaluated();
          accepted += latest.get().rowsAccepted();
          offered += latest.get().rowsOffered();
        }
      }
    }
    return new DomainQuality(
        domain,
        offered == 0 ? OptionalDouble.empty() : OptionalDouble.of(100.0 * accepted / offered),
        passed,
        evaluated,
        majors);
  }

  private static boolean isCounted(ClientSession session, ProductName product, int major) {
    return session.catalog().majorState(product, major).filter(MajorState::isLive).isPresent();
  }

  /** The history of one major version. */
  public static QualityHistory read(ClientSession session, ProductName product, int major) {
    return new QualityHistory(
        product, major, session.ledger().read(RegistryKeys.quality(product, major)).orElse(null));
  }

  /**
   * Adds a publish in the transaction that accepts it.
   *
   * @param measures the measures of its rows by name
   */
  public static void add(
      ClientSession session,
      CommitDraft<?> draft,
      StoredReceipt receipt,
      Map<String, Double> measures) {
    read(session, receipt.product(), receipt.major()).add(draft, receipt, measures);
  }

  /** The newest accepted publish; empty before the first. */
  public Optional<PublishQuality> newest() {
    return document().newest();
  }

  /** The values of a measure in the last publishes that have it, oldest first. */
  public List<Double> last(String measure, int publishes) {
    List<PublishQuality> entries = entries();
    return entries.subList(Math.max(0, entries.size() - publishes), entries.size()).stream()
        .filter(entry -> entry.measures().containsKey(measure))
        .map(entry -> entry.measures().get(measure))
        .toList();
  }

  /** Adds a publish in the transaction that accepts it. */
  public void add(CommitDraft<?> draft, StoredReceipt receipt, Map<String, Double> measures) {
    List<JsonNode> publishes = new ArrayList<>(document().publishes());
    ObjectNode added = DocumentCodec.toJson(entry(receipt, measures));
    publishes.add(added);
    while (publishes.size() > MAX_PUBLISHES) {
      publishes.remove(0);
    }
    JsonNode measured = added.path("measures");
    while ((publishes.size() > 1 || !measured.isEmpty()) && isTooLong(publishes)) {
      if (publishes.size() > 1) {
        publishes.remove(0);
      } else {
        ((ObjectNode) measured).remove(measured.fieldNames().next());
      }
    }
    Key key = RegistryKeys.quality(product, major);
    ObjectNode json = json(publishes);
    if (stored == null) {
      draft.insert(key, json);
    } else {
      draft.replace(stored, json);
    }
    draft.attach(key, added.deepCopy());
  }

  private ObjectNode json(List<JsonNode> publishes) {
    return DocumentCodec.of(QualityDocument.class)
        .write(new QualityDocument(major, publishes), Optional.ofNullable(stored));
  }

  /**
   * Writes the document only if it has measures or broken rules: 100 publishes without any are less
   * than 40,000 characters.
   */
  private boolean isTooLong(List<JsonNode> publishes) {
    for (JsonNode publish : publishes) {
      if (!publish.path("measures").isEmpty() || !publish.path("brokenRules").isEmpty()) {
        ObjectNode json = DocumentCodec.document(new QualityDocument(major, publishes));
        return DocumentJson.write(json).length() > MAX_CHARACTERS;
      }
    }
    return false;
  }

  private QualityDocument document() {
    return stored == null ? new QualityDocument(major, List.of()) : QualityDocument.of(stored);
  }

  /** Parses all entries, which a publish without rules that compare publishes does not need. */
  private List<PublishQuality> entries() {
    return document().publishes().stream().map(PublishQuality::of).toList();
  }

  private PublishQuality entry(StoredReceipt receipt, Map<String, Double> measures) {
    QualityReport quality = receipt.quality();
    Map<String, Double> finite = new TreeMap<>(measures);
    finite.values().removeIf(value -> !Double.isFinite(value));
    return new PublishQuality(
        receipt.publishId(),
        receipt.contractVersion(),
        receipt.committedAt(),
        quality.rowsAccepted(),
        quality.rowsQuarantined(),
        quality.rulesPassed(),
        quality.rulesEvaluated(),
        quality.failedInAccepted().size(),
        brokenRules(receipt),
        finite);
  }

  /** The rules that published rows break, since the first of the publishes in a row that do. */
  private List<BrokenRule> brokenRules(StoredReceipt receipt) {
    Map<String, Instant> before = new LinkedHashMap<>();
    newest()
        .ifPresent(
            last -> last.brokenRules().forEach(rule -> before.put(rule.ruleId(), rule.since())));
    return receipt.quality().failedInAccepted().stream()
        .limit(PublishQuality.MAX_RULES)
        .map(
            rule ->
                new BrokenRule(
                    rule.ruleId(),
                    cut(rule.text()),
                    rule.failingRows(),
                    rule.evaluatedRows(),
                    rule.measure().isPresent() || rule.failingRows() == 0 ? cut(rule.reason()) : "",
                    before.getOrDefault(rule.ruleId(), receipt.committedAt())))
        .toList();
  }

  private static String cut(String text) {
    return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "…" : text;
  }
}
