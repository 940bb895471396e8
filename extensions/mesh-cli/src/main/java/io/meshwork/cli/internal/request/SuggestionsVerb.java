package io.meshwork.cli.internal.request;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.product.ProductName;
import io.meshwork.request.Suggestion;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists suggestions. */
@Command(
    name = "suggestions",
    description = "Lists the suggestions for the products of your domain.")
public final class SuggestionsVerb extends MeshVerb {
  @Parameters(arity = "0..1", paramLabel = "PRODUCT")
  private @Nullable String product;

  @Option(names = "--sent", description = "Lists your domain's instead")
  private boolean sent;

  @Option(names = "--all", description = "Lists settled ones too")
  private boolean all;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    List<Suggestion> listed = sent ? client.suggestions().sent() : client.suggestions().received();
    ProductName only = product == null ? null : ProductName.of(product);
    ObjectNode document = VerbAnswer.newDocument();
    ArrayNode suggestions = document.putArray("suggestions");
    TextTable table =
        new TextTable("SUGGESTION", "PRODUCT", "STATE", "KIND", "WHO", "COLUMNS", "TEXT", "ANSWER");
    for (Suggestion suggestion : listed) {
      if ((all || suggestion.isOpen()) && (only == null || suggestion.product().equals(only))) {
        SuggestionDocument.put(suggestions.addObject(), suggestion);
        table.row(
            suggestion.id(),
            suggestion.product(),
            SuggestionDocument.state(suggestion),
            suggestion.kind(),
            suggestion.requester(),
            suggestion.columns().isEmpty() ? "–" : String.join(", ", suggestion.columns()),
            suggestion.text(),
            JsonFields.text(suggestion.because()));
      }
    }
    return VerbAnswer.question(document, table.lines("No suggestions."));
  }

  @Override
  protected boolean needsIdentity() {
    return true;
  }
}
