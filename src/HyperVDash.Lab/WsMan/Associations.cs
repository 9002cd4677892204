using System.Globalization;
using HyperVDash.Cim;
using HyperVDash.Lab.Hosts;

namespace HyperVDash.Lab.WsMan;

/// <summary>
/// The neighbours of an object. Those that a host computes from ids (settings of a VM, devices of its settings) are computed here too;
/// all others stand in the tables of association classes.
/// </summary>
internal sealed class Associations(LabHost host, string cimNamespace)
{
    public List<LabInstance> Of(AssociationQuestion question) => question switch
    {
        { WantsReferences: true } => [.. Edges(question)],
        { AssociationClass: "Msvm_SettingsDefineState", Object.Class: "Msvm_ComputerSystem" } =>
            [.. Table(question.ResultClass ?? "Msvm_VirtualSystemSettingData").Where(r => Is(r["InstanceID"], $"Microsoft:{question.Object["Name"]}"))],
        { AssociationClass: "Msvm_VirtualSystemSettingDataComponent", ResultClass: { } part } =>
            [.. Table(part).Where(r => r["InstanceID"] is string id && id.StartsWith(question.Object["InstanceID"] + "\\", StringComparison.OrdinalIgnoreCase))],
        { AssociationClass: "Win32_ComputerSystemProcessor" } => [.. Table("Win32_Processor")],
        _ => [.. Edges(question).SelectMany(Ends).Where(r => !Points(r, question.Object) && (question.ResultClass is null || Is(r.ClassName, question.ResultClass)))
            .Distinct().Select(Find).OfType<LabInstance>()],
    };

    private IEnumerable<LabInstance> Edges(AssociationQuestion question) =>
        (question.AssociationClass is { } name ? Table(name) : host.Tables().Where(t => Is(t.Key.Namespace, cimNamespace)).SelectMany(t => t.Rows).ToList())
            .Where(row => Ends(row).Any(r => Points(r, question.Object)));

    private static IEnumerable<LabReference> Ends(LabInstance association) => association.Values.Values.OfType<LabReference>();

    private static bool Points(LabReference reference, CimPath path) =>
        Is(reference.ClassName, path.Class) && path.Keys.All(k => reference.Keys.Any(r => Is(r.Key, k.Key) && Is(r.Value, k.Value)));

    private LabInstance? Find(LabReference reference) =>
        Table(reference.ClassName).Find(row => reference.Keys.All(k => Is(row[k.Key], k.Value)));

    private List<LabInstance> Table(string className) => host.Table(cimNamespace, className);

    private static bool Is(object? value, string? wanted) => string.Equals(Convert.ToString(value, CultureInfo.InvariantCulture), wanted, StringComparison.OrdinalIgnoreCase);
}
