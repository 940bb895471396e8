package io.meshwork.internal.discovery;

import io.meshwork.discovery.Search;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.index.DomainIndex;
import io.meshwork.internal.index.IndexedProduct;
import io.meshwork.internal.index.ProductIndexEntry.IndexedColumn;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.Classification;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Searches the products of all domains. */
final class ProductSearch implements Search {
  private static final int MAX_HITS = 1_000;
  private static final Comparator<Hit> BEST_FIRST =
      Comparator.comparing(Hit::retired)
          .thenComparing(hit -> hit.score(), Comparator.reverseOrder())
          .thenComparing(hit -> hit.product().toString());

  private final ClientSession session;
  private final String text;
  private final List<Predicate<Candidate>> conditions = new ArrayList<>();
  private int skipped;
  private int limit = 50;

  ProductSearch(ClientSession session, String text) {
    this.session = session;
    this.text = ArgumentChecks.required("text", text).strip();
  }

  /** A product with the tags that apply to it. */
  private record Candidate(IndexedProduct product, Map<String, String> tags) {
    boolean isTagged(String key, String value) {
      return value.equals(tags.get(key))
          || product.shape().columns().stream()
              .anyMatch(column -> value.equals(column.tags().get(key)));
    }
  }

  @Override
  public Search domain(String domain) {
    String name = ArgumentChecks.required("domain", domain);
    conditions.add(candidate -> candidate.product().name().domain().equals(name));
    return this;
  }

  @Override
  public Search tag(String key, String value) {
    String tag = ArgumentChecks.required("key", key).strip().toLowerCase(Locale.ROOT);
    String expected = ArgumentChecks.required("value", value).strip().toLowerCase(Locale.ROOT);
    conditions.add(candidate -> candidate.isTagged(tag, expected));
    return this;
  }

  @Override
  public Search maxClassification(Classification classification) {
    Classification highest = ArgumentChecks.required("classification", classification);
    conditions.add(
        candidate -> candidate.product().shape().classification().compareTo(highest) <= 0);
    return this;
  }

  @Override
  public Search column(String column) {
    String name = ArgumentChecks.required("column", column);
    conditions.add(
        candidate ->
            candidate.product().shape().columns().stream()
                .anyMatch(each -> each.name().equalsIgnoreCase(name)));
    return this;
  }

  @Override
  public Search owner(String contact) {
    String owner = ArgumentChecks.required("contact", contact).strip();
    conditions.add(candidate -> candidate.product().owner().equalsIgnoreCase(owner));
    return this;
  }

  @Override
  public Search offset(int hits) {
    skipped = range("hits", hits, 0, Integer.MAX_VALUE);
    return this;
  }

  @Override
  public Search limit(int hits) {
    limit = range("hits", hits, 1, MAX_HITS);
    return this;
  }

  private static int range(String parameter, int value, int least, int most) {
    if (value < least || value > most) {
      throw ArgumentChecks.refused(
          parameter, "it is " + value, "Specify a number from " + least + " to " + most + ".");
    }
    return value;
  }

  @Override
  public Result results() {
    session.checkOpen(MeshAction.of(Verb.FIND, "products"));
    VisibleMesh mesh = VisibleMesh.of(session);
    Set<String> words = SearchWords.of(text);
    List<Hit> hits = new ArrayList<>();
    for (DomainIndex domain : mesh.index().domains()) {
      for (IndexedProduct product : domain.products()) {
        Map<String, String> tags = new TreeMap<>(domain.tags());
        tags.putAll(product.shape().tags());
        Candidate candidate = new Candidate(product, tags);
        if (conditions.stream().allMatch(condition -> condition.test(candidate))) {
          score(candidate, words).ifPresent(score -> hits.add(hit(mesh, candidate, score, words)));
        }
      }
    }
    hits.sort(BEST_FIRST);
    return new Result(
        hits.size(), hits.stream().skip(skipped).limit(limit).toList(), mesh.index().unreachable());
  }

  private static Hit hit(VisibleMesh mesh, Candidate candidate, int score, Set<String> words) {
    IndexedProduct product = candidate.product();
    return new Hit(
        product.name(),
        product.shape().version(),
        product.isRetired(),
        mesh.health(product).status(),
        product.entry().description(),
        product.owner(),
        product.shape().classification(),
        candidate.tags(),
        score,
        columns(product, words));
  }

  /**
   * Weighs each field once, however many words match it; empty unless all words match. A text
   * without words matches nothing; an empty one, everything.
   */
  private OptionalInt score(Candidate candidate, Set<String> words) {
    if (words.isEmpty() && !text.isEmpty()) {
      return OptionalInt.empty();
    }
    Map<SearchField, List<String>> fields = fields(candidate);
    Set<SearchField> matched = new java.util.TreeSet<>();
    for (String word : words) {
      boolean found = false;
      for (Map.Entry<SearchField, List<String>> field : fields.entrySet()) {
        if (field.getValue().stream().anyMatch(value -> SearchWords.matches(value, word))) {
          matched.add(field.getKey());
          found = true;
        }
      }
      if (!found) {
        return OptionalInt.empty();
      }
    }
    int score = matched.stream().mapToInt(field -> field.weight).sum();
    return OptionalInt.of(score + (isFullName(candidate.product()) ? SearchField.FULL_NAME : 0));
  }

  private boolean isFullName(IndexedProduct product) {
    return product.name().toString().equalsIgnoreCase(text)
        || product.name().product().equalsIgnoreCase(text);
  }

  private static List<String> columns(IndexedProduct product, Set<String> words) {
    return product.shape().columns().stream()
        .filter(
            column ->
                words.stream()
                    .anyMatch(
                        word ->
                            SearchWords.matches(column.name(), word)
                                || SearchWords.matches(column.description(), word)))
        .map(IndexedColumn::name)
        .toList();
  }

  private static Map<SearchField, List<String>> fields(Candidate candidate) {
    IndexedProduct product = candidate.product();
    List<IndexedColumn> columns = product.shape().columns();
    List<String> tags = new ArrayList<>();
    candidate.tags().forEach((key, value) -> tags.add(key + " " + value));
    columns.forEach(column -> column.tags().forEach((key, value) -> tags.add(key + " " + value)));
    Map<SearchField, List<String>> fields = new LinkedHashMap<>();
    fields.put(SearchField.NAME, List.of(product.name().toString()));
    fields.put(SearchField.TAG, tags);
    fields.put(SearchField.COLUMN, columns.stream().map(IndexedColumn::name).toList());
    fields.put(SearchField.DESCRIPTION, List.of(product.entry().description()));
    fields.put(
        SearchField.COLUMN_DESCRIPTION, columns.stream().map(IndexedColumn::description).toList());
    return fields;
  }

  /** A field with its weight. */
  private enum SearchField {
    NAME(8),
    TAG(4),
    COLUMN(3),
    DESCRIPTION(2),
    COLUMN_DESCRIPTION(1);

    static final int FULL_NAME = 100;

    private final int weight;

    SearchField(int weight) {
      this.weight = weight;
    }
  }
}
