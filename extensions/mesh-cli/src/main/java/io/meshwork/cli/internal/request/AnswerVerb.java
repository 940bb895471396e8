package io.meshwork.cli.internal.request;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.ReasonOption;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.product.ContractVersion;
import io.meshwork.request.Suggestion;
import io.meshwork.request.SuggestionClient.Accept;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Answers a suggestion. */
@Command(name = "answer", description = "Accepts or declines a suggestion.")
public final class AnswerVerb extends MeshVerb {
  @Parameters(
      paramLabel = "SUGGESTION|PRODUCT",
      description = "As 'mesh suggestions' prints it, or a product with one that is not settled")
  private String suggestion;

  @Option(names = "--accept", description = "States that it is intended or done")
  private boolean accept;

  @Option(names = "--decline", description = "States that it will not be done")
  private boolean decline;

  @Option(names = "--because", paramLabel = "TEXT", description = "The reason; required to decline")
  private @Nullable String because;

  @Option(names = "--in-rollout", paramLabel = "NUMBER", description = "The rollout that has it")
  private @Nullable Integer rollout;

  @Option(names = "--in-version", paramLabel = "X.Y.Z", description = "The version that has it")
  private @Nullable String version;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    if (accept == decline) {
      throw new UsageException("An answer is either --accept or --decline.");
    }
    String id = id(client);
    Suggestion answered = decline ? declined(client, id) : accepted(client, id);
    return VerbAnswer.change(
        SuggestionDocument.put(VerbAnswer.newDocument("answered"), answered),
        "The suggestion of "
            + answered.requester()
            + " is "
            + SuggestionDocument.state(answered)
            + ".");
  }

  private Suggestion accepted(MeshClient client, String id) {
    Accept acceptance = client.suggestions().accept(id);
    if (because != null) {
      acceptance.because(because);
    }
    if (rollout != null) {
      acceptance.rollout(rollout);
    }
    if (version != null) {
      acceptance.version(ContractVersion.parse(version));
    }
    return acceptance.commit();
  }

  private Suggestion declined(MeshClient client, String id) {
    if (rollout != null || version != null) {
      throw new UsageException("--decline takes no rollout and no version.");
    }
    ReasonOption.require("--decline", true, because);
    return client.suggestions().decline(id).because(Objects.requireNonNull(because)).commit();
  }

  /** Returns the ID, also of the only suggestion for a product that is not settled. */
  private String id(MeshClient client) {
    if (!suggestion.contains("/")) {
      return suggestion;
    }
    List<Suggestion> open =
        client.suggestions().received().stream()
            .filter(each -> each.isOpen() && each.product().toString().equals(suggestion))
            .toList();
    if (open.size() != 1) {
      throw new UsageException(
          suggestion
              + " has "
              + open.size()
              + " suggestions to answer. Name one as 'mesh suggestions' prints it.");
    }
    return open.get(0).id();
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
