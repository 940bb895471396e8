package io.meshwork.cli.internal.code;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.ExitCode;
import io.meshwork.cli.internal.code.CodeStep.Sign;
import io.meshwork.cli.internal.file.StrictOption;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows how a file that describes a domain differs from the mesh. */
@Command(
    name = "plan",
    description = {
      "Shows how the mesh differs from a file that describes a domain.",
      "Signs: + added, ~ changed, ! unmanaged, x refused."
    },
    exitCodeList = {"20:With --check, there is a difference."})
public final class PlanVerb extends MeshVerb {
  @Parameters(
      paramLabel = "FILE.yaml",
      description = "The description of the domain, such as 'mesh snapshot' writes it")
  private Path file;

  @Option(names = "--check", description = "Exits with 20 if there is a difference")
  private boolean check;

  @Mixin private StrictOption strict;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    DomainCode code = DomainCode.read(file);
    CodeDifference.notes(client, code, strict.isSet()).forEach(shell()::complain);
    List<CodeStep> steps = CodeDifference.of(client, code);
    List<String> lines = new ArrayList<>(steps.stream().map(CodeStep::toString).toList());
    lines.add(
        steps.isEmpty() ? "nothing to change" : "fingerprint " + CodeDifference.fingerprint(steps));
    return VerbAnswer.question(document("planned", steps), lines)
        .exiting(check && !steps.isEmpty() ? ExitCode.FINDINGS : 0);
  }

  static ObjectNode document(String status, List<CodeStep> steps) {
    ObjectNode document = VerbAnswer.newDocument(status);
    ArrayNode array = document.putArray("steps");
    for (CodeStep step : steps) {
      array
          .addObject()
          .put("sign", step.sign().name().toLowerCase(Locale.ROOT))
          .put("what", step.text());
    }
    document.put("refused", steps.stream().filter(step -> step.sign() == Sign.REFUSED).count());
    return document.put("fingerprint", CodeDifference.fingerprint(steps));
  }

  @Override
  protected boolean needsIdentity() {
    return true;
  }
}
