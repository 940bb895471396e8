package io.meshwork.cli.internal.product;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.StatusText;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.discovery.Search;
import io.meshwork.product.Classification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Searches products. */
@Command(name = "search", description = "Searches products by words; without words, lists all.")
public final class SearchVerb extends MeshVerb {
  /** The most that one question returns. */
  private static final int PAGE = 1_000;

  @Parameters(
      arity = "0..*",
      paramLabel = "TEXT",
      description = "Words that a product must all have")
  private @Nullable List<String> words;

  @Option(names = "--domain", paramLabel = "DOMAIN", description = "Only products of this domain")
  private @Nullable String domain;

  @Option(
      names = "--tag",
      paramLabel = "KEY=VALUE",
      description = "Only products with this tag; repeatable")
  private @Nullable Map<String, String> tags;

  @Option(
      names = "--column",
      paramLabel = "COLUMN",
      description = "Only products with this column; repeatable")
  private @Nullable List<String> columns;

  @Option(names = "--owner", paramLabel = "CONTACT", description = "Only products of this owner")
  private @Nullable String owner;

  @Option(
      names = "--classified-at-most",
      paramLabel = "CLASSIFICATION",
      description = "Only products without a column of a higher classification")
  private @Nullable Classification classification;

  @Option(
      names = "--skip",
      paramLabel = "N",
      defaultValue = "0",
      description = "Leaves out the first N results. Default: 0")
  private int skip;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "The most results. Default: 50; all without TEXT")
  private @Nullable Integer limit;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    String text = words == null ? "" : String.join(" ", words);
    boolean all = limit == null && text.isBlank();
    Search search = search(client, text).limit(limit == null ? all ? PAGE : 50 : limit);
    Search.Result result = search.offset(skip).results();
    List<Search.Hit> hits = new ArrayList<>(result.hits());
    while (all && !result.hits().isEmpty() && result.total() > skip + hits.size()) {
      result = search.offset(skip + hits.size()).results();
      hits.addAll(result.hits());
    }
    ObjectNode document = VerbAnswer.newDocument().put("text", text).put("total", result.total());
    ArrayNode products = document.putArray("products");
    TextTable table = new TextTable("PRODUCT", "VERSION", "STATUS", "FOUND IN", "DESCRIPTION");
    for (Search.Hit hit : hits) {
      products.add(node(hit));
      table.row(
          hit.product(),
          hit.version(),
          StatusText.of(hit.status()) + (hit.retired() ? ", retired" : ""),
          hit.matches().stream().map(SearchVerb::place).distinct().collect(joining(", ")),
          hit.description());
    }
    document.set("unreachable", JsonFields.array(result.unreachable()));
    List<String> lines = new ArrayList<>(table.lines("No product matches."));
    if (result.total() > skip + hits.size()) {
      lines.add(hits.size() + " of " + result.total() + "; see --skip and --limit");
    }
    return VerbAnswer.question(document, lines);
  }

  private Search search(MeshClient client, String text) {
    Search search = client.search(text);
    if (domain != null) {
      search = search.domain(domain);
    }
    if (owner != null) {
      search = search.owner(owner);
    }
    if (classification != null) {
      search = search.maxClassification(classification);
    }
    for (Map.Entry<String, String> tag :
        (tags == null ? Map.<String, String>of() : tags).entrySet()) {
      search = search.tag(tag.getKey(), tag.getValue());
    }
    for (String column : columns == null ? List.<String>of() : columns) {
      search = search.column(column);
    }
    return search;
  }

  /** Short strings are shown, and long ones named. */
  private static String place(Search.Match match) {
    String suffix = match.column().isEmpty() ? "" : " of " + match.column();
    return switch (match.field()) {
      case NAME -> "name";
      case COLUMN -> "column " + match.text();
      case MEASURE -> "measure " + match.text();
      case TAG -> "tag " + match.text() + suffix;
      case SYNONYM -> "synonym \"" + match.text() + "\"" + suffix;
      case BUSINESS_NAME -> "business name \"" + match.text() + "\"" + suffix;
      case DESCRIPTION -> "description";
      case COLUMN_DESCRIPTION -> "description" + suffix;
      case VALUE -> "value" + suffix;
      case DEFINITION -> "definition" + suffix;
      case CONTEXT -> "context";
    };
  }

  private static ObjectNode node(Search.Hit hit) {
    ObjectNode node = VerbAnswer.newNode();
    node.put("product", hit.product().toString())
        .put("version", hit.version().toString())
        .put("status", hit.status().name())
        .put("retired", hit.retired())
        .put("description", hit.description())
        .put("owner", hit.owner())
        .put("classification", hit.classification().name());
    node.set("tags", JsonFields.sorted(hit.tags()));
    node.put("score", hit.score());
    node.set("matchingColumns", JsonFields.array(hit.matchingColumns()));
    ArrayNode matches = node.putArray("matches");
    for (Search.Match match : hit.matches()) {
      matches
          .addObject()
          .put("field", match.field().name())
          .put("column", match.column())
          .put("text", match.text());
    }
    return node;
  }
}
