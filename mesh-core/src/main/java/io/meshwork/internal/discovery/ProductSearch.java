package io.meshwork.internal.discovery;

import static java.util.stream.Collectors.toSet;

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
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Searches the products of all domains. */
final class ProductSearch implements Search {
  private static final int MAX_HITS = 1_000;
  private static final int FULL_NAME = 100;
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
          || product.indexEntry().columns().stream()
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
        candidate -> candidate.product().indexEntry().classification().compareTo(highest) <= 0);
    return this;
  }

  @Override
  public Search column(String column) {
    String name = ArgumentChecks.required("column", column);
    conditions.add(
        candidate ->
            candidate.product().indexEntry().columns().stream()
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
        tags.putAll(product.indexEntry().tags());
        Candidate candidate = new Candidate(product, tags);
        if (conditions.stream().allMatch(condition -> condition.test(candidate))) {
          matches(candidate, words)
              .ifPresent(
                  matches -> hits.add(hit(mesh, candidate, score(product, matches), matches)));
        }
      }
    }
    hits.sort(BEST_FIRST);
    return new Result(
        hits.size(), hits.stream().skip(skipped).limit(limit).toList(), mesh.index().unreachable());
  }

  private static Hit hit(VisibleMesh mesh, Candidate candidate, int score, List<Match> matches) {
    IndexedProduct product = candidate.product();
    return new Hit(
        product.name(),
        product.indexEntry().version(),
        product.isRetired(),
        mesh.health(product).status(),
        product.entry().description(),
        product.owner(),
        product.indexEntry().classification(),
        candidate.tags(),
        score,
        columns(product, matches),
        matches);
  }

  /**
   * Returns the strings with a word of the search; empty unless all words match. A text without
   * words matches nothing; an empty one, everything.
   */
  private Optional<List<Match>> matches(Candidate candidate, Set<String> words) {
    if (words.isEmpty() && !text.isEmpty()) {
      return Optional.empty();
    }
    Set<String> missing = new HashSet<>(words);
    List<Match> matches = new ArrayList<>();
    for (Match each : texts(candidate)) {
      boolean isFound = false;
      for (String word : words) {
        if (SearchWords.matches(each.text(), word)) {
          missing.remove(word);
          isFound = true;
        }
      }
      if (isFound) {
        matches.add(each);
      }
    }
    return missing.isEmpty() ? Optional.of(matches) : Optional.empty();
  }

  /** Weighs each field once, however many words match it. */
  private int score(IndexedProduct product, List<Match> matches) {
    int score = matches.stream().map(Match::field).distinct().mapToInt(ProductSearch::weight).sum();
    return score + (isFullName(product) ? FULL_NAME : 0);
  }

  private static int weight(Field field) {
    return switch (field) {
      case NAME -> 8;
      case TAG -> 4;
      case COLUMN, SYNONYM, BUSINESS_NAME, MEASURE -> 3;
      case DESCRIPTION -> 2;
      case COLUMN_DESCRIPTION, VALUE, DEFINITION, CONTEXT -> 1;
    };
  }

  private boolean isFullName(IndexedProduct product) {
    return product.name().toString().equalsIgnoreCase(text)
        || product.name().product().equalsIgnoreCase(text);
  }

  private static List<String> columns(IndexedProduct product, List<Match> matches) {
    Set<String> matched =
        matches.stream().map(match -> match.column().split("\\.", 2)[0]).collect(toSet());
    return product.indexEntry().columns().stream()
        .map(IndexedColumn::name)
        .filter(matched::contains)
        .toList();
  }

  /** All searched strings: first the product's, then each column's. */
  private static List<Match> texts(Candidate candidate) {
    IndexedProduct product = candidate.product();
    List<Match> texts = new ArrayList<>();
    texts.add(new Match(Field.NAME, "", product.name().toString()));
    addTags(texts, "", candidate.tags());
    texts.add(new Match(Field.DESCRIPTION, "", product.entry().description()));
    List<Match> terms = product.indexEntry().searchTerms();
    terms.stream().filter(term -> term.column().isEmpty()).forEach(texts::add);
    for (IndexedColumn column : product.indexEntry().columns()) {
      texts.add(new Match(Field.COLUMN, column.name(), column.name()));
      addTags(texts, column.name(), column.tags());
      texts.add(new Match(Field.COLUMN_DESCRIPTION, column.name(), column.description()));
    }
    terms.stream().filter(term -> !term.column().isEmpty()).forEach(texts::add);
    return texts;
  }

  private static void addTags(List<Match> texts, String column, Map<String, String> tags) {
    tags.forEach((key, value) -> texts.add(new Match(Field.TAG, column, key + "=" + value)));
  }
}
