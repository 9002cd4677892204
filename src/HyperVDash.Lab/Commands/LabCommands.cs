using System.CommandLine;
using HyperVDash.Cim.Capture;
using HyperVDash.Lab.Captures;
using HyperVDash.Lab.Faults;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Lab.Scenarios.Generator;
using HyperVDash.Lab.WsMan;

namespace HyperVDash.Lab.Commands;

/// <summary><c>serve</c>: answers like Hyper-V hosts until it is stopped.</summary>
public static class LabCommands
{
    public static RootCommand Root(TimeProvider time, TextWriter output, TextWriter errors)
    {
        var scenario = new Option<string>("--scenario") { Description = string.Join(" or ", LabScenarios.Names), DefaultValueFactory = _ => "demo" };
        var port = new Option<int>("--port") { Description = "Port of the first host; the others follow. 0 takes free ones.", DefaultValueFactory = _ => 25985 };
        var frozen = new Option<bool>("--frozen") { Description = "Nothing changes by itself." };
        var fault = new Option<string[]>("--fault") { Description = LabFault.Help };
        var hosts = new Option<int?>("--hosts") { Description = "With --scenario estate: its size. Otherwise a lab of this many hosts is generated instead of the scenario." };
        var vms = new Option<int>("--vms") { Description = "VMs on each generated host.", DefaultValueFactory = _ => 20 };
        var seed = new Option<int>("--seed") { Description = "The same seed gives the same lab.", DefaultValueFactory = _ => 1 };
        var language = new Option<string?>("--language") { Description = $"Language in which every host writes what Windows translates: {string.Join(", ", LabWords.ByLanguage.Keys)}. Without it, as the scenario has it." };
        var capture = new Option<string[]>("--capture") { Description = "Serves hosts from capture files instead of a scenario; may be repeated.", AllowMultipleArgumentsPerToken = true };
        var serve = new Command("serve", "Answers like Hyper-V hosts over WS-Management on loopback.") { scenario, port, frozen, fault, hosts, vms, seed, language, capture };
        serve.SetAction(async (parsed, cancellationToken) =>
        {
            var files = new List<CaptureFile>();
            try
            {
                files.AddRange((parsed.GetValue(capture) ?? []).Select(CaptureFile.Open));
                var served = files.Count > 0 ? [.. files.Select(CapturedHost.Of)] : Scenario(parsed).Hosts;
                await using var server = await LabServer.StartAsync(served, new LabServerOptions { Port = parsed.GetValue(port) }, time, cancellationToken);
                server.Faults.Set(parsed.GetValue(fault) ?? [], [.. server.Addresses.Select(a => a.Host)]);
                foreach (var address in server.Addresses)
                {
                    await output.WriteLineAsync($"{address.Host}  {address.Url}  user lab, password lab");
                }

                var stopped = new TaskCompletionSource();
                await using var registration = cancellationToken.Register(stopped.SetResult);
                await stopped.Task;
                return 0;
            }
            catch (Exception mistake) when (mistake is FormatException or ArgumentException or IOException or CaptureException)
            {
                await errors.WriteLineAsync(mistake.Message);
                return 1;
            }
            finally
            {
                files.ForEach(f => f.Dispose());
            }
        });

        LabScenario Scenario(ParseResult parsed) => parsed.GetValue(language) is { } tag ? Whatever(parsed).In(LabScenarios.Words(tag)) : Whatever(parsed);

        LabScenario Whatever(ParseResult parsed) => (parsed.GetValue(scenario)!, parsed.GetValue(hosts)) switch
        {
            (var name, null) => LabScenarios.Build(name, time, parsed.GetValue(frozen)),
            ("estate", { } count) => LabScenarios.Estate(count, time, parsed.GetValue(frozen)),
            (_, { } count) => LabScenarios.Generate(new GeneratorOptions(count, parsed.GetValue(vms), parsed.GetValue(seed)), time, parsed.GetValue(frozen)),
        };

        return new RootCommand("A lab without Hyper-V.") { serve };
    }
}
