using System.CommandLine;
using System.Text.Json;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Json;

namespace HyperVDash.Agent.Commands;

/// <summary><c>inventory</c>: what the hosts are made of.</summary>
internal static class InventoryCommand
{
    public static Command Create(TimeProvider time, TextWriter output, TextWriter errors)
    {
        var source = new SourceOptions();
        var format = new Option<string>("--format") { Description = "table or json", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "json");
        var command = new Command("inventory", "Prints hosts, VMs and everything around them.") { format };
        source.AddTo(command);
        command.SetAction((parsed, cancellationToken) => AgentCommands.GuardAsync(async () =>
        {
            await using var opened = await source.OpenAsync(parsed, time, cancellationToken);
            var hosts = await OneReading.OfAsync(opened.Targets, time, cancellationToken);
            if (parsed.GetValue(format) == "json")
            {
                await output.WriteLineAsync(JsonSerializer.Serialize(new { hosts }, AgentJson.SingleLook));
            }
            else
            {
                await PrintAsync(hosts, output);
            }

            foreach (var host in hosts.Where(OneReading.IsUnread))
            {
                await errors.WriteLineAsync($"{host.Key} could not be read: {host.VirtualMachines.Attempt.Reason}");
            }

            return hosts.Any(OneReading.IsUnread) ? 2 : 0;
        }, errors));
        return command;
    }

    private static async Task PrintAsync(IReadOnlyList<HostReading> hosts, TextWriter output)
    {
        foreach (var host in hosts)
        {
            var os = host.OperatingSystem.Content;
            await output.WriteLineAsync($"{host.Name}  build {os?.Build?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "not said"}  {host.VirtualMachines.Attempt.State.ToString().ToLowerInvariant()}");
            foreach (var vm in host.VirtualMachines.Content?.Items ?? [])
            {
                await output.WriteLineAsync($"  {vm.State,-12} {vm.Name}  {vm.Id}");
            }

            foreach (var section in OneReading.Gaps(host))
            {
                await output.WriteLineAsync($"  ! {section.Name} {section.Section.Attempt.State.ToString().ToLowerInvariant()}: {section.Section.Attempt.Reason}");
            }

            foreach (var section in OneReading.Unsaid(host))
            {
                await output.WriteLineAsync($"  - {section.Name}: {section.Section.Attempt.Reason}");
            }
        }
    }
}
