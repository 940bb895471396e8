package io.meshwork.walk;

import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.rollout.Rollout;

/** Changes of a rollout by the text that a program calls them with. */
final class RolloutChanges {
  private RolloutChanges() {}

  static PlannedOperation<Plan<Rollout>, Rollout> of(Rollout rollout, String call) {
    String name = call.substring(0, call.indexOf('('));
    String argument = call.substring(call.indexOf('(') + 1, call.lastIndexOf(')'));
    String text = argument.replace("\"", "");
    return switch (name) {
      case "announce" -> rollout.announce();
      case "activate" -> rollout.activate();
      case "activateWithout" ->
          rollout.activateWithout(
              Long.parseLong(argument.substring(0, argument.indexOf('L'))), "it is nonsense");
      case "close" -> rollout.close();
      case "retire" -> rollout.retire();
      case "makeCurrent" -> rollout.makeCurrent();
      case "restore" -> rollout.restore(text);
      case "abort" -> rollout.abort(text);
      case "purge" -> rollout.purge(text);
      default -> throw new IllegalArgumentException(call);
    };
  }
}
