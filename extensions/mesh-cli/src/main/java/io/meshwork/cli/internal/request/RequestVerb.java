package io.meshwork.cli.internal.request;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.file.FilterText;
import io.meshwork.cli.internal.shell.OptionTexts;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.request.AccessRequest;
import io.meshwork.request.RequestClient.RequestAccess;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Requests access to a product. */
@Command(name = "request", description = "Requests access to a product from its owner.")
public final class RequestVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Option(names = "--for", required = true, paramLabel = "PURPOSE", description = "Why you need it")
  private String purpose;

  @Option(
      names = "--columns",
      paramLabel = "COLUMN,…",
      description = "These columns only. Default: all")
  private @Nullable List<String> columns;

  @Option(
      names = "--rows",
      paramLabel = "FILTER",
      description = "These rows only, such as \"country = 'DE'\". Default: all")
  private @Nullable FilterText rows;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description =
          "How long you need it, as a date or time in UTC, such as 2027-03-31. Default: without end")
  private @Nullable String until;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    RequestAccess request = client.requests().requestAccess(product).purpose(purpose);
    if (columns != null) {
      request.columns(OptionTexts.elements(columns));
    }
    if (rows != null) {
      request.rows(rows.text());
    }
    if (until != null) {
      request.until(OptionTexts.time(until));
    }
    AccessRequest requested = request.commit();
    return VerbAnswer.change(
        RequestDocument.put(VerbAnswer.newDocument("requested"), requested),
        "Request "
            + RequestDocument.handle(requested)
            + " is "
            + requested.state()
            + "; its owner decides by "
            + requested.expiresAt()
            + ".");
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
