using HyperVDash.Cim.WsMan;

namespace HyperVDash.Cim.Tests.WsMan.SignIn;

/// <summary>The one question that these tests ask, and its answer on paper.</summary>
internal static class Asking
{
    public static string Vm(string name) => Envelopes.Items(Envelopes.Instance("Msvm_ComputerSystem", $"<p:Name>{name}</p:Name>"));

    public static async Task<List<string?>> NamesAsync(WsManSession session)
    {
        var names = new List<string?>();
        await foreach (var row in session.QueryAsync(new CimQuery("root/virtualization/v2", "Msvm_ComputerSystem"), TestContext.Current.CancellationToken))
        {
            names.Add(row.String("Name"));
        }

        return names;
    }
}
