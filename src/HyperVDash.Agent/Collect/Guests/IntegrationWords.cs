using HyperVDash.Cim;
using HyperVDash.Model.Guests;

namespace HyperVDash.Agent.Collect.Guests;

/// <summary>The numbers of integration components as words.</summary>
internal static class IntegrationWords
{
    public static int? First(CimRow row) => row.Numbers("OperationalStatus") is { Count: > 0 } numbers ? (int)numbers[0] : null;

    public static IntegrationState Word(int? code) => code switch
    {
        2 => IntegrationState.Ok,
        3 => IntegrationState.Degraded,
        7 => IntegrationState.Incompatible,
        6 or 12 => IntegrationState.NoContact,
        13 => IntegrationState.Lost,
        15 => IntegrationState.Paused,
        _ => IntegrationState.Unknown,
    };

    // On the first generation the component's number is always 2; only the summary tells, and only if it does not say 2 to a silent guest.
    public static (IntegrationState, string?) Heartbeat(IntegrationService? component, CimRow? summary, bool hasItems, HostFacts host)
    {
        if (!host.IsFirstGeneration)
        {
            return component is null
                ? (IntegrationState.Unknown, null)
                : (component.State, component.StatusCode is { } code ? $"OperationalStatus {code}" : null);
        }

        int? number = summary?.Int32("Heartbeat");
        return number switch
        {
            null => (hasItems ? IntegrationState.Ok : IntegrationState.Unknown, null),
            2 when !hasItems => (IntegrationState.Unknown, "Heartbeat 2"),
            _ => (Word(number), $"Heartbeat {number}"),
        };
    }

    public static IntegrationState KeyValueExchange(CimRow? row, bool hasItems, HostFacts host) => (row, First(row ?? CimRow.Of("")), hasItems) switch
    {
        (null, _, _) => IntegrationState.Unknown,
        (_, _, true) => IntegrationState.Ok,
        (_, 2, false) => host.IsFirstGeneration ? IntegrationState.NoContact : IntegrationState.Unknown,
        var (_, code, _) => Word(code) is IntegrationState.Ok ? IntegrationState.Unknown : Word(code),
    };
}
