using System.Globalization;
using HyperVDash.Model.PhysicalNetwork;

namespace HyperVDash.Web.Features.PhysicalNetwork;

/// <summary>Settings of adapters and teams in the words a page uses.</summary>
public static class AdapterWords
{
    public static string Number(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "not said";

    public static string Vlan(int? id) => id == 0 ? "none" : Number(id);

    public static string Queues(QueueSettings? settings) => settings switch
    {
        null => "not said",
        { IsEnabled: null } => "not said",
        { IsEnabled: false } => "off",
        _ => $"on, {(settings.Queues is { } queues ? string.Create(CultureInfo.InvariantCulture, $"{queues} queues") : "queues not said")}{(settings is { BaseProcessor: { } first, MaximumProcessors: { } most } ? string.Create(CultureInfo.InvariantCulture, $", {most} processors from {first}") : "")}",
    };

    public static string Mode(int? mode) => mode switch { 0 => "static", 1 => "switch-independent", 2 => "LACP", null => "mode not said", _ => $"mode {mode}" };

    public static string Balancing(int? algorithm) => algorithm switch
    {
        0 => "by ports", 2 => "by IP address", 3 => "by MAC address", 4 => "by Hyper-V port", 5 => "dynamic", null => "balancing not said", _ => $"balancing {algorithm}",
    };
}
