package io.meshwork.cli;

import io.meshwork.MeshClient;
import io.meshwork.product.ContractVersion;
import io.meshwork.request.Suggestion;
import io.meshwork.request.SuggestionClient.Accept;
import io.meshwork.request.SuggestionClient.Decline;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Answers a suggestion. */
@Command(name = "answer", description = "Accepts or declines a suggestion.")
final class AnswerVerb extends MeshVerb {
  @Parameters(
      paramLabel = "SUGGESTION|PRODUCT",
      description = "As 'mesh suggestions' prints it; a product with one that is not settled")
  private String suggestion;

  @ArgGroup(multiplicity = "1")
  private Verdict verdict;

  @Option(names = "--because", paramLabel = "TEXT", description = "Required to decline")
  private @Nullable String because;

  @Option(names = "--in-rollout", paramLabel = "NUMBER", description = "The rollout that has it")
  private @Nullable Integer rollout;

  @Option(names = "--in-version", paramLabel = "X.Y.Z", description = "The version that has it")
  private @Nullable String version;

  /** What the answer is. */
  static final class Verdict {
    @Option(names = "--accept", required = true)
    private boolean accept;

    @Option(names = "--decline", required = true)
    private boolean decline;
  }

  @Override
  VerbAnswer answer(MeshClient client) {
    String id = id(client);
    Suggestion answered = verdict.decline ? declined(client, id) : accepted(client, id);
    return VerbAnswer.change(
        SuggestionDocument.put(VerbAnswer.newDocument("answered"), answered),
        "The suggestion of "
            + answered.requester()
            + " is "
            + SuggestionDocument.state(answered)
            + ".");
  }

  private Suggestion accepted(MeshClient client, String id) {
    Accept accept = client.suggestions().accept(id);
    if (because != null) {
      accept.because(because);
    }
    if (rollout != null) {
      accept.inRollout(rollout);
    }
    if (version != null) {
      accept.inVersion(ContractVersion.parse(version));
    }
    return accept.commit();
  }

  private Suggestion declined(MeshClient client, String id) {
    if (because == null || rollout != null || version != null) {
      throw new UsageException("--decline needs --because, and takes no rollout and no version.");
    }
    Decline decline = client.suggestions().decline(id);
    return decline.because(because).commit();
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
  boolean isChange() {
    return true;
  }
}
