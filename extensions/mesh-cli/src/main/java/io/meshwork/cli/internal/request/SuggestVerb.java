package io.meshwork.cli.internal.request;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.OptionTexts;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.request.Suggestion;
import io.meshwork.request.SuggestionClient.Suggest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Suggests an improvement of a product. */
@Command(name = "suggest", description = "Suggests an improvement of a product to its owner.")
public final class SuggestVerb extends MeshVerb {
  @Parameters(index = "0", paramLabel = "PRODUCT")
  private String product;

  @Parameters(index = "1", paramLabel = "TEXT", description = "The suggestion, in one argument")
  private String text;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "new-column, freshness, quality, documentation, or other")
  private @Nullable String kind;

  @Option(names = "--column", paramLabel = "COLUMN,…", description = "The columns that it is about")
  private @Nullable List<String> columns;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Suggest suggest = client.suggestions().suggest(product).text(text);
    if (kind != null) {
      suggest.kind(SuggestionDocument.kind(kind));
    }
    if (columns != null) {
      suggest.columns(OptionTexts.elements(columns));
    }
    Suggestion suggested = suggest.commit();
    return VerbAnswer.change(
        SuggestionDocument.put(VerbAnswer.newDocument("suggested"), suggested),
        "Suggestion "
            + suggested.id()
            + " is "
            + suggested.state()
            + "; see 'mesh suggestions --sent'.");
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
