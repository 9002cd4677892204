using System.CommandLine;
using System.Text.Json;
using HyperVDash.Agent.SelfTest;
using HyperVDash.Model.Json;

namespace HyperVDash.Agent.Commands;

/// <summary><c>selftest</c>: walks the way to a host step by step, says what a failed step means, and prints which rights the account has. Exit code 2: a step failed or a right is denied.</summary>
internal static class SelfTestCommand
{
    public static Command Create(TimeProvider time, TextWriter output, TextWriter errors)
    {
        var source = new SourceOptions();
        var format = new Option<string>("--format") { Description = "table or json", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "json");
        var command = new Command("selftest", "Walks the way to a host, says where it ends, and which rights the account has there.") { format };
        source.AddTo(command);
        command.SetAction((parsed, cancellationToken) => AgentCommands.GuardAsync(async () =>
        {
            await using var opened = await source.OpenAsync(parsed, time, cancellationToken);
            bool isJson = parsed.GetValue(format) == "json";
            var reports = new List<SelfTestReport>();
            foreach (var target in opened.Targets)
            {
                if (target.Url is null)
                {
                    throw new FormatException($"{target.Key} is not read over the network, so there is no way to it to test.");
                }

                await PrintAsync($"{target.Key}  {target.Url}");
                var report = await new SelfTestWalk(target, time, PrintStepAsync).RunAsync(cancellationToken);
                reports.Add(report);
                foreach (string line in RightsText.Lines(report.Rights))
                {
                    await PrintAsync(line);
                }
            }

            if (isJson)
            {
                await output.WriteLineAsync(JsonSerializer.Serialize(reports, AgentJson.Indented));
            }

            return reports.TrueForAll(r => r.IsWell) ? 0 : 2;

            Task PrintAsync(string line) => isJson ? Task.CompletedTask : output.WriteLineAsync(line);

            async Task PrintStepAsync(StepOutcome outcome, SelfTestStep step)
            {
                await PrintAsync($"  {(outcome.IsWell ? "ok    " : "FAILED")}  {step.Name}{(outcome.Text is { } text ? $": {text}" : "")}");
                if (outcome.Meaning is { } meaning)
                {
                    await PrintAsync($"          {meaning}");
                }
            }
        }, errors));
        return command;
    }
}
